"""A real server, and clients with and without its token."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from tests.http.serving import Site, made_once, served


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(made_once(tmp_path_factory), tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def client(site: Site) -> Iterator[httpx2.Client]:
    with site.client() as client:
        yield client

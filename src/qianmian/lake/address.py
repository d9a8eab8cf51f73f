"""Where in an object store a lake is, in the words of the two libraries that go there."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from pyarrow.fs import AwsStandardS3RetryStrategy, S3FileSystem

_TRIES = 4
_CONNECT_SECONDS = 5
_ANSWER_SECONDS = 60


@dataclass(frozen=True)
class Address:
    """Where in an object store a lake is; keys are none of it, both libraries find them in the environment.

    Attributes:
        url: ``s3://bucket/prefix``.
        endpoint: URL of the server; empty = AWS, or what the environment says.
        region: its region; empty = as the environment says.
    """

    url: str
    endpoint: str = ""
    region: str = ""

    @property
    def prefix(self) -> str:
        """Bucket and prefix, as pyarrow names them."""
        return self.url.removeprefix("s3://").rstrip("/")

    def for_deltalake(self) -> dict[str, str]:
        """What deltalake needs to know; an entry of a log that is there already is refused by the store itself."""
        told = {
            "aws_conditional_put": "etag",
            "connect_timeout": f"{_CONNECT_SECONDS}s",
            "timeout": f"{_ANSWER_SECONDS}s",
            "max_retries": str(_TRIES),
        }
        if self.endpoint:
            told |= {"aws_endpoint": self.endpoint, "aws_allow_http": str(self.endpoint.startswith("http:")).lower()}
        return told | ({"aws_region": self.region} if self.region else {})

    def for_pyarrow(self) -> S3FileSystem:
        """A connection."""
        place = urlsplit(self.endpoint)
        return S3FileSystem(
            scheme=place.scheme or "https",
            endpoint_override=place.netloc or None,
            region=self.region or None,
            connect_timeout=_CONNECT_SECONDS,
            request_timeout=_ANSWER_SECONDS,
            retry_strategy=AwsStandardS3RetryStrategy(max_attempts=_TRIES),
            allow_delayed_open=True,  # a small file is one request
        )

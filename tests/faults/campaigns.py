"""Kill -9 while a campaign is sent: a process of its own sends, ours receives."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from qianmian.app.campaigns.campaigns import Campaign
from qianmian.core.failpoints import arm
from tests.app.campaigns.shop import CampaignScene, opened
from tests.receiving import Receiving, receiving

#: Where a sending dies.
DEATHS = ("campaign.after_release", "campaign.after_post")


def die(folder: Path, campaign: int, receiver: Receiving, failpoint: str) -> int:
    """Send in another process, which dies at a failpoint; returns how it ended."""
    told = [sys.executable, "-m", "tests.faults.campaigns", str(folder), str(campaign), receiver.address, failpoint]
    return subprocess.run(told, check=False, env=dict(os.environ)).returncode


def trial(folder: Path, failpoint: str) -> tuple[int, Campaign, CampaignScene, Receiving]:
    """A sending that dies, and is started again."""
    scene = opened(folder, people=30)
    draft = scene.draft(sink="crm")
    scene.shop.close()
    with receiving() as receiver:
        status = die(folder, draft.campaign, receiver, failpoint)
        scene = CampaignScene(folder)
        return status, scene.send(draft, receiver), scene, receiver


def main(folder: str, campaign: str, address: str, failpoint: str) -> None:
    """Send and die."""
    scene = CampaignScene(Path(folder))
    arm(failpoint)
    scene.send(scene.campaigns.get(int(campaign)), Receiving(address))


if __name__ == "__main__":
    main(*sys.argv[1:])

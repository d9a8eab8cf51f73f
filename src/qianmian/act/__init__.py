"""From audiences to what is done with them: who is written to, who is held out, and what leaves by which way.

Who receives a campaign and who is held out of it is decided once, by chance (`assign`), and kept: only so can its
effect be told later. What leaves, leaves in numbered pieces, each at least once and under its own id (`deliver`).

Reads: people who meet a condition, handed in. Writes: `assignments`.
Must not choose people by their arm, nor send to somebody of the holdout.
"""

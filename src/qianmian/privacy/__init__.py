"""Privacy keeps raw personal data out of the lake and lets people leave it without a trace.

An identifier becomes a pseudonym (`pseudonyms`), its value goes into the vault (`vault`) under a key of its own
(`keys`, `salts`), and what was never declared is masked (`masking`). Data is used for registered purposes only
(`purposes`, `consent`). Refused rows lie sealed until replay (`refused`). An erasure is a plan first (`erasure`);
afterwards only a ledger of hashes remains, so that nobody erased comes back (`suppression`).

Reads: identifiers and rows handed in by the stages. Writes: identifiers, salts, refused, suppression, purposes.
Must not know a stage.
"""

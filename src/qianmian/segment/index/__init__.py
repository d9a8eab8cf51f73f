"""Sets of people as bits, which answer conditions over tags and ties in memory. Must not import the database.

People of a build are numbered from 0 by ascending person_id; a set of them is one bit a person. A tag is kept as bit
slices: for each bit of its codes the set of people who have it (P. O'Neil and D. Quass, "Improved query performance
with variant indexes", SIGMOD 1997), highest bit first and in blocks, so that a comparison reads on only while it is
undecided for somebody (Y. Li and J. Patel, "BitWeaving: fast scans for main memory data processing", SIGMOD 2013). Ties
are compressed sparse rows. What neither holds, that is history, is asked of the database and kept as a set.
"""

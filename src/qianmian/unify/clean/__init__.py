"""Cleaning: how good each column of each source is, and which rows are not what they seem; nothing is dropped."""

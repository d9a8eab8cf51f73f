"""The stories of the demo shop: each module plants one effect, writes its truth and says what is to be found."""

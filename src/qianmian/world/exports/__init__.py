"""The world as merchants download it: files in the shapes of platforms, each event in at most one of them.

Orders of the marketplaces and stores go to the platform where they were made, with their refunds and reviews. Posts and
the talk about them are dealt out to the social platforms by the number of the post, live visits by the number of the
room. Follows and accepted invitations of people with a union id are those of a 公众号 and of 企微. Everybody has an
account on each platform, which is made up from the number of the person.

Accounts, nicknames and files are synthetic. The module of each platform says how sure its column heads are: *seen* in
public documents or code that reads such a file, or *assumed*.
"""

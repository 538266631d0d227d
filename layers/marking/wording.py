"""What the community pages say to a contributor, in plain English; `layers.i18n` says it in the other languages.

Every text is here once and marked for extraction: ``N_`` marks a text, ``NN_`` a text for one and for many, which
`layers.i18n.Words.of` and `layers.i18n.Words.many` take. ``{name}`` stands for a value. Days, dates and the names of
languages come from the Unicode repository of locales, not from here. After a change: ``make words``.
"""

from __future__ import annotations

from layers.i18n.marked import N_, NN_

# What is it? -----------------------------------------------------------------------------------------------------

KIND_HINTS = {
    "meeting_place": N_("A hall, a café or a library corner where families meet."),
    "play_space": N_("A playground, a play street or a green where children play."),
    "peer_group": N_("Parents who help each other, for example with feeding or with a new language."),
    "drop_in": N_("You can come without an appointment: a health visitor, advice, stay and play."),
    "barrier": N_("Steps, a narrow gate, a broken path, or a path that does not feel safe after dark."),
    "missing_crossing": N_("A road that is hard to cross with a pram or with small children."),
    "other": N_("Anything else that families should know about."),
}

# The four steps --------------------------------------------------------------------------------------------------

STEP_WHAT = N_("What is it?")
STEP_WHERE = N_("Where is it?")
STEP_WHEN = N_("When, and for whom?")
STEP_WHOM = N_("Who does it stop?")
"""Instead of `STEP_WHEN`, for a barrier or a missing crossing."""
STEP_NAME = N_("Its name, and anything else")
STEP_COUNT = N_("Step {step} of {steps}")

TITLE = N_("Put a place on the map")
WELCOME = N_(
    "Do you know a place that is good for families, or a path where a pram cannot get through? Show it to others."
)
WELCOME_TIME = N_("It takes about two minutes. You need no account. Leave empty what you do not know.")
ADDING_FOR = N_("You are adding for {group}, in {place}.")
AWAITS_REVIEW = N_("This translation awaits review by a speaker.")

# Buttons ---------------------------------------------------------------------------------------------------------

NEXT = N_("Next")
BACK = N_("Back")
SEND = N_("Send")
USE_MY_LOCATION = N_("Use my location")
FIND = N_("Find")
ADD_ANOTHER = N_("Add another place")

# Where is it? ----------------------------------------------------------------------------------------------------

TAP_THE_MAP = N_("Tap the map where it is.")
TAP_TWICE = N_("Tap the map once to come nearer, then tap the spot. The second tap puts the mark there.")
# For translators: after the first tap, which came nearer; instead of it where somebody has pressed Enter on the map.
NOW_TAP = N_("Now tap the spot.")
NOW_ENTER = N_("Move the map until the cross is on the spot, then press Enter.")
BY_KEYS = N_("By keyboard: arrow keys move the map, plus and minus zoom, and Enter puts the mark at the cross.")
TYPE_A_PLACE = N_("Postcode, street or landmark")
TYPE_A_PLACE_HINT = N_("For example the name of a street, a school or a park.")
OR_TYPE = N_("Or type a postcode, a street or a landmark:")
FOUND_PLACES = N_("Choose the right one:")
NOTHING_FOUND = N_("Nothing was found for “{text}”. Try a postcode, or tap the map.")
LOCATION_REFUSED = N_("Your phone did not say where you are. Tap the map, or type a postcode.")
LOCATION_NOT_KEPT = N_("We do not keep where you are.")
CHOSEN_NEAR = N_("Chosen: near {place}")
CHOSEN_HERE = N_("Chosen: the marked point on the map")
SHAPE = N_("What do you draw?")
SHAPE_LABELS = {"point": N_("A point"), "line": N_("A line"), "area": N_("An area")}
SHAPE_HINT = N_("For a whole path or street, tap its corners one after another.")
UNDO_CORNER = N_("Undo the last tap")
CORNERS = NN_("{n} corner", "{n} corners")

TWO_FINGERS = N_("Use two fingers to move the map")
MAP_FAILED = N_("The map could not be loaded. Type a postcode, a street or a landmark.")

# Is it this one? -------------------------------------------------------------------------------------------------

IS_IT_THIS_ONE = N_("Is it this one?")
NEARBY_HINT = N_("This is already on the map, close to your place:")
YES_THIS_IS_IT = N_("Yes, this is it")
NO_ANOTHER = N_("No, it is another")
METRES_AWAY = NN_("{n} metre away", "{n} metres away")
STILL_THERE = N_("Is it still there?")
YES_STILL_THERE = N_("Yes, it is still there")
NO_GONE = N_("No, it is gone")
STILL_THERE_THANKS = N_("Thank you. That helps to keep the map right.")

# The fields ------------------------------------------------------------------------------------------------------

FIELD_LABELS = {
    "kind": N_("What is it?"),
    "name": N_("Name of the place"),
    "note": N_("What should other families know?"),
    "at_home": N_("This is in somebody's home"),
    "days": N_("Days"),
    "opens": N_("Opens at"),
    "closes": N_("Closes at"),
    "ages": N_("For whom"),
    "languages": N_("Languages spoken there"),
    "pram_friendly": N_("Can you get in with a pram?"),
    "toilets": N_("Toilets"),
    "cost": N_("What does it cost?"),
    "term_time": N_("In the school holidays"),
    "stops": N_("Who does it stop?"),
    "contact": N_("How the moderator can reach you"),
    "private_note": N_("A note for the moderator"),
    "photo": N_("Photo"),
}
"""By field of `data.store.marks.MarkDraft`; ``photo`` besides."""

FIELD_HINTS = {
    "name": N_("What people call it, for example “Tuesday playgroup”."),
    "note": N_("A few words. Everybody can read this."),
    "at_home": N_(
        "Homes are never shown as a point: only the square kilometre, and only where there are three or more."
    ),
    "days": N_("Tap every day on which it is open."),
    "opens": N_("A time such as 09:30."),
    "closes": N_("A time such as 11:30."),
    "ages": N_("Tap all that are welcome."),
    "languages": N_("Tap every language in which somebody can help you."),
    "pram_friendly": N_("Think of steps, narrow doors and heavy gates."),
    "stops": N_("Who cannot get through, or does not feel safe?"),
    "contact": N_("A phone number or an e-mail address, if you like. Only the moderator sees it."),
    "private_note": N_("Only the moderator sees this. It never appears on the map."),
    "photo": N_("A photo of the place, without faces. We remove from it where and when it was taken."),
}
"""By field, where there is something to explain."""

NOT_SURE = N_("Not sure")
"""The choice that leaves a field empty."""


BOTH_TIMES = N_("Please give both times, or neither.")
CLOSES_AFTER = N_("The closing time must be later than the opening time.")
NAME_FIRST = N_("Please write a name or a few words, so that others know what it is.")

# Consent and privacy ---------------------------------------------------------------------------------------------

PRIVACY = N_("Your privacy")
NO_PRIVATE_WORDS = N_("Do not write phone numbers, e-mail addresses or names of children.")
MODERATOR_LOOKS = N_("A moderator looks at every mark before anybody else sees it.")
NO_NAME_NEEDED = N_("We do not ask for your name.")
BY_SENDING = N_("When you send it, you agree that this place, your words and your photo may be shown to everybody.")

# Thank you -------------------------------------------------------------------------------------------------------

THANKS = N_("Thank you. Your mark has arrived.")
WHAT_NEXT = N_("A moderator looks at it now. After that, other families can see it on the map.")
KEEP_THIS_LINK = N_("Keep this link: it shows what became of your mark, and lets you delete it.")
YOUR_LINK = N_("Your link")

# What became of it -----------------------------------------------------------------------------------------------

RECEIPT_TITLE = N_("What became of your mark")
STATUS_LABELS = {
    "waiting": N_("It is waiting for a moderator."),
    "approved": N_("It is on the map."),
    "rejected": N_("It was not put on the map."),
    "withdrawn": N_("It was taken off the map."),
    "merged": N_("It was joined with another mark of the same place."),
    "lapsed": N_("It is no longer on the map, because nobody said that it is still there."),
    "erased": N_("It was deleted."),
}
"""By status of `data.store.marks.STATUSES`; ``erased`` besides."""

SENT_ON = N_("Sent on {date}")
DECIDED_ON = N_("Decided on {date}")
REASON = N_("The reason: {reason}")
DELETE_MARK = N_("Delete my mark")
DELETE_SURE = N_("Do you want to delete it? This cannot be undone.")
DELETE_YES = N_("Yes, delete it")
DELETED = N_("Your mark was deleted, with everything that you wrote.")
RECEIPT_UNKNOWN = N_("There is no mark for this link. Perhaps it was deleted.")

# The group's link and code ---------------------------------------------------------------------------------------

CODE = N_("Code of your group")
CODE_HINT = N_("It is on the card or on the paper sheet from your group.")
CODE_NEEDED = N_("To add a place, open the link from your group or type its code.")
# For translators: beside a code that a phone can read.
CARD_SCAN = N_("Scan this with your phone to put a place on the map.")

# What can go wrong -----------------------------------------------------------------------------------------------

LINK_EXPIRED = N_("This link is too old. Please ask your group for a new one.")
LINK_REVOKED = N_("This link is no longer in use. Please ask your group for a new one.")
LINK_UNKNOWN = N_("We do not know this link or code. Please check it, or ask your group.")
TOO_OFTEN = N_("That was too many times in a short while. Please wait a little, then try again.")
NOT_IN_PLACE = N_("That is outside {place}. This link is for places in {place}.")
TOO_LARGE = N_("What you drew is too large. Please draw a smaller part.")
CROSSING_LINES = N_("The lines of the area cross each other. Please draw it again.")
FOUND_IN_TEXT = {
    "phone": N_("There seems to be a phone number in your text. Please take it out, because everybody can read it."),
    "email": N_("There seems to be an e-mail address in your text. Please take it out, because everybody can read it."),
    "address": N_("There seems to be a home address in your text. Please take it out, because everybody can read it."),
    "child": N_("There seems to be a child's name in your text. Please take it out, because everybody can read it."),
}
"""What the scan of a text finds (`data.store.screening`)."""

FOUND_WORDS = N_("Found: “{text}”")
SEND_AS_IT_IS = N_("I have looked at it again. Send it as it is.")
PLACE_NOT_HERE = N_("This link is for a place that is not on this map. Please ask your group for a new one.")
PHOTO_NOT_READ = N_("We cannot read this photo. Please choose a JPEG, PNG or WebP picture, or send without one.")
PHOTO_TOO_LARGE = N_("This photo is too large. Please choose a smaller one, or send without one.")
TRY_AGAIN = N_("Something went wrong; nothing was lost. Try again.")

# On paper --------------------------------------------------------------------------------------------------------

SHEET_TITLE = N_("Put a place on the map: paper sheet")
SHEET_HOW = N_("Use one sheet for each place. Tick what is right, and leave empty what you do not know.")
SHEET_WHERE = N_("Street, postcode or landmark")
SHEET_GIVE_BACK = N_("Give the sheet back to {group}. Somebody there types it in.")
SHEET_CODE = N_("Code for typing in: {code}")
SHEET_PRIVATE = N_("For the moderator only")
SHEET_DOWNLOAD = N_("Paper sheet to print")
STEP_BY_STEP = N_("Step by step instead")
TYPING_TITLE = N_("Type in a paper sheet")
TYPING_HOW = N_("Write what is on the sheet, in the same words.")
TYPED_IN = NN_("{n} sheet typed in", "{n} sheets typed in")

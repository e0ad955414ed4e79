"""The pages for journalists in English."""

from service.web.public_words.said import Said

ENGLISH = Said(
    language="en",
    itself="English",
    languages="Language of this page",
    problem="There is a problem",
    newsroom="To the newsroom",
    optional="optional",
    too_many_title="Try again later",
    too_many="Too many requests came from your network just now. Nothing was sent. Try again in an hour.",
    check_mail="Check your mail",
    mail_late=(
        "Nothing there after some minutes? Look among the spam, and see that the address is right. One address is "
        "written to once a day at the most."
    ),
    link_late=(
        "Nothing there after some minutes? Look among the spam, and see that the address is the one we write to. "
        "Some links a day are the most."
    ),
    subscribe_title="Subscribe to {newsroom}",
    subscribe_lead="Press releases by e-mail, on the topics you choose. No account, no password.",
    email="E-mail",
    name="Name",
    outlet="Newspaper, agency, station or site",
    topics="Topics",
    mail_language="Language of the mails",
    also_reads="Where a release is not in it, in one of these",
    frequency="How often",
    at_once="each release at once",
    daily="one digest a day",
    weekly="one digest a week, on Monday",
    urgent="A digest comes at 8:00. Corrections and withdrawals always come at once.",
    zone="Your time zone",
    consent=(
        "I ask {newsroom} to send me press releases on these topics by e-mail. I can leave at any time by a link in "
        "each mail."
    ),
    subscribe_button="Subscribe",
    trap="Leave this field empty",
    bad_address="This is not an e-mail address. Write it as in ada@rivers.example.",
    no_topic="Choose at least one topic.",
    bad_name="This name is too long: 200 characters are the most.",
    bad_zone="Choose a time zone from the list.",
    stale="This page was open for too long. Look at it once more and press the button again.",
    nothing_offered="This newsroom offers no topics yet.",
    subscribe_asked=(
        "If mail can go to this address, a mail with a link is on its way. You are subscribed once you have opened "
        "it and pressed the button."
    ),
    confirm_title="Confirm your subscription",
    confirm_text="{newsroom}: {topics}",
    confirm_button="Yes, subscribe me",
    confirmed_title="You are subscribed",
    confirmed_text=(
        "From now on you get what {newsroom} publishes on: {topics}. You can leave at any time by the link in each "
        "mail."
    ),
    confirmed_choices="See or change your choices",
    expired_title="This link is no longer valid",
    expired_text=(
        "It may have been used already, be too old, or have been cut in two on its way. If you have just confirmed "
        "something with it, that holds."
    ),
    ask_title="A link to your preferences",
    ask_text="Write the address we send to. If we know it, it gets a link to your topics, your data, and to leaving.",
    ask_button="Send me the link",
    link_asked="If we write to this address, a mail with a link is on its way. The link works for 24 hours.",
    several_title="Which newsroom?",
    several_text="More than one writes to this address. Each has its own choices.",
    preferences_title="What {newsroom} sends you",
    preferences_for="For {address}",
    saved="Saved.",
    since="since {date}",
    pause="Pause",
    no_pause="no pause",
    keep_pause="until {date}, as it is",
    week1="for 1 week",
    week2="for 2 weeks",
    week4="for 4 weeks",
    week8="for 8 weeks",
    week12="for 12 weeks",
    pause_note=(
        "Nothing but corrections and withdrawals comes meanwhile; what was published in a pause is not sent afterwards."
    ),
    tracking_title="Being counted",
    tracking="{newsroom} may count when I open its mails and which links in them I follow.",
    tracking_note=(
        "Off unless you switch it on. Neither your address on the network nor your program is kept, "
        "and you can switch it off here at any time."
    ),
    save_button="Save",
    why_title="Why you got this mail",
    why_topic="“{headline}” came to you by the topic “{topic}”.",
    why_digest="“{headline}” was made of what was published on your topics.",
    how_form="You subscribed to it and confirmed that on {date}.",
    how_preferences="You switched it on on this page on {date}.",
    how_other="The newsroom noted your consent on {date}.",
    how_ended="You have left this topic since.",
    all_title="Leave",
    all_text="Ends all of your topics at once. A later import of addresses does not bring you back; only you can.",
    all_button="Leave all topics",
    left_all_title="You have left",
    left_all_text="From this moment no press release of {newsroom} leaves for you.",
    back_to_choices="Back to your choices",
    address_title="A new address",
    address_text="Both addresses get a link; it is done once both have agreed.",
    address_button="Change the address",
    address_asked=(
        "Both addresses have a mail with a link on its way. Open both and press the buttons; the links work for 72 "
        "hours."
    ),
    data_title="What is kept about you",
    data_text=(
        "Your particulars, your topics with your consent to each, what was sent to you and what your mail server "
        "answered. Whether you opened a mail is recorded only if you have agreed to that."
    ),
    data_link_text=(
        "A mail may be passed on, and its link with it. What is kept about you, a new address and erasure therefore "
        "open by a link that is sent to you alone."
    ),
    data_link_button="Send me that link",
    export_button="Download it (JSON)",
    erase_button="Erase me",
    erase_title="Erase all that is kept about you?",
    erase_text=(
        "Name, address, outlet and choices are deleted and cannot be brought back. A fingerprint of the address "
        "stays, which nobody can read: so that you are not written to again."
    ),
    erased_title="You are erased",
    erased_text=(
        "Nothing that tells who you are is kept any more, and nothing is sent to you. You can subscribe again at "
        "any time."
    ),
    agree_title="Agree to the new address?",
    agree_text="{newsroom} is to write to {new} instead of {old}.",
    agree_button="I agree",
    agreed_title="Thank you",
    agreed_waiting="The other address has a mail too. The change is made once it has agreed.",
    agreed_done="The address is changed: from now on {newsroom} writes to the new one.",
    agreed_taken=(
        "The new address gets mail of {newsroom} already, by itself. Nothing was changed: leave with the old one "
        "instead."
    ),
    leave_title="No more of these e-mails?",
    leave_text="One click, and you get no more press releases on the subject of the e-mail you came from.",
    leave_button="Unsubscribe",
    left_title="You are unsubscribed",
    left_text="From this moment no press release on this subject leaves for you: {topics}.",
    undo_text="Was that a mistake?",
    undo_button="Undo: subscribe again",
    more_text="There may be other topics you read.",
    forget_text="What is kept about you can be erased as well.",
    forget_button="Leave all and forget me",
    forget_title="You have left. One click more to be forgotten",
    forget_sent=(
        "Nothing is sent to you any more. Since a mail can be passed on, the link that erases was sent to "
        "{address}: open it within 24 hours."
    ),
    back_title="You are subscribed again",
    back_text="Everything is as it was before. You can leave at any time by the link in each e-mail.",
)

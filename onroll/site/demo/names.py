"""Invented people's names, of the many origins that a virtual school's children have."""

from dataclasses import dataclass

from .chance import Chance


@dataclass(frozen=True)
class Origin:
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    families: tuple[str, ...]
    languages: tuple[str, ...] = ("English",)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


BRITISH = Origin(
    _words(
        "Abigail Alice Amber Amelia Amy Anna Ava Beth Bethany Brooke Caitlin Chelsea Chloe Daisy Darcey Demi Ella "
        "Ellie Eloise Emily Erin Evie Faith Florence Freya Georgia Gracie Hannah Harriet Heidi Holly Imogen Isabel "
        "Isla Ivy Jasmine Jessica Kayla Keira Lacey Layla Leah Lexi Libby Lily Lola Lucy Macy Maisie Martha Matilda "
        "Megan Mila Millie Molly Nancy Niamh Olivia Paige Penny Phoebe Poppy Robyn Rosie Sadie Scarlett Skye Sophie "
        "Summer Tia Tilly Willow Zara Zoe"
    ),
    _words(
        "Aaron Adam Aiden Alex Alfie Archie Arlo Ashton Bailey Ben Blake Bobby Brandon Caleb Callum Cameron Charlie "
        "Cody Connor Corey Declan Dexter Dylan Edward Elliot Ellis Ethan Evan Finley Frankie Freddie Gabriel George "
        "Harley Harrison Harry Harvey Henry Hugo Isaac Jack Jacob Jake James Jamie Jude Kai Kian Kieran Leo Lewis "
        "Liam Logan Louie Lucas Luke Mason Max Michael Morgan Nathan Noah Oliver Oscar Owen Preston Reece Reuben "
        "Riley Robert Rory Ryan Sam Sebastian Sonny Stanley Taylor Theo Thomas Toby Tommy Tyler William Zac"
    ),
    _words(
        "Ainsworth Allsop Appleyard Arkwright Barlow Beckett Bellamy Benson Birchall Blackwood Bostock Bradshaw "
        "Braithwaite Brennan Brigham Broadbent Bullen Burrows Cartwright Chadwick Clegg Colclough Cooper Cotterill "
        "Crabtree Dalton Darby Dean Dobson Drake Eccles Entwistle Farrell Fairclough Fielding Fletcher Garside "
        "Gibbons Goodall Greenhalgh Hale Hallam Hargreaves Haworth Heywood Hindle Holden Holroyd Howarth Ingham "
        "Jessop Kershaw Langley Lomas Lund Marsden Mather Mellor Metcalfe Mills Moor Naylor Newsome Nuttall Ogden "
        "Ormerod Parr Peel Pickering Pilling Platt Pollard Proctor Quigley Ramsbottom Rees Riding Rigby Rushton "
        "Sagar Sellars Shaw Shepherd Slater Snape Stansfield Sutcliffe Swift Tattersall Thorpe Tranter Turnbull "
        "Unsworth Varley Wadsworth Walmsley Waring Whitaker Wilde Winterbottom Wolfenden Woodhead Yates"
    ),
)
TRAVELLER = Origin(
    _words("Bridget Kathleen Margaret Mary Nora Roseanne Shannon Winifred"),
    _words("Bernard Felix Jimmy Johnny Martin Patrick Simey Tommy"),
    _words("Cash Connors Delaney Doherty Joyce Maughan Sheridan Ward"),
)
ROMA = Origin(
    _words("Adriana Denisa Florica Loredana Maria Roxana Viorica"),
    _words("Alin Costel Darius Florin Ionut Marian Robert"),
    _words("Balog Ciurar Covaci Horvat Lacatus Rostas Stoica"),
    ("Romani", "Romanian", "Slovak"),
)
EASTERN_EUROPEAN = Origin(
    _words("Agnieszka Aleksandra Alicja Amelia Ioana Julia Kamila Laura Maja Natalia Nikola Oliwia Wiktoria Zofia"),
    _words("Adrian Aleks Dawid Filip Jakub Kacper Kuba Mateusz Mihai Nikodem Oskar Stefan Szymon Tomasz"),
    _words("Bartosik Dudek Ionescu Jankowska Kalnins Kowal Lis Marin Nowak Petrauskas Popa Sikora Wrona Zajac"),
    ("Polish", "Romanian", "Lithuanian", "English"),
)
CARIBBEAN = Origin(
    _words("Aaliyah Amara Destiny Ebony Jada Kezia Latoya Naomi Renee Shanice Tamara Tiana"),
    _words("Andre Dante Darnell Jermaine Kymani Malachi Marcus Nathaniel Rashaun Terrell Tyrese Zion"),
    _words("Bailey Bogle Campbell Clarke Francis Gayle Lindo Morrison Pinnock Reid Samuels Wynter"),
)
WEST_AFRICAN = Origin(
    _words("Abena Adaeze Ama Ayomide Blessing Chidera Efua Folake Grace Ifeoma Temi Zainab"),
    _words("Ade Chidi David Ebo Emeka Femi Kofi Kwame Kwesi Samuel Tobi Yaw"),
    _words("Acheampong Adeyemi Afolabi Asante Boateng Eze Mensah Nwosu Obi Okafor Osei Owusu"),
    ("English", "Twi", "Yoruba", "Igbo"),
)
EAST_AFRICAN = Origin(
    _words("Asha Fatuma Feven Hodan Idil Rahwa Saba Selam Yordanos"),
    _words("Abdi Abel Ahmed Awet Dawit Filmon Ibrahim Mustafa Omar Robel Yonas"),
    _words("Abdullahi Adan Berhane Gebre Hassan Idris Kidane Mohamed Osman Tekle Warsame Yusuf"),
    ("Tigrinya", "Somali", "Arabic", "Amharic"),
)
INDIAN = Origin(
    _words("Anaya Diya Harpreet Isha Jasleen Kavya Meera Priya Riya Simran"),
    _words("Aarav Arjun Dev Gurdeep Harjit Jaspal Karan Nikhil Rohan Vikram"),
    _words("Bains Chauhan Dhillon Gill Kapoor Mistry Patel Rai Sandhu Sharma"),
    ("English", "Punjabi", "Gujarati"),
)
PAKISTANI = Origin(
    _words("Aisha Amina Fatima Hafsa Iqra Maryam Noor Sana Zara Zoya"),
    _words("Adeel Bilal Faisal Hamza Haris Imran Kashif Saad Usman Zain"),
    _words("Akhtar Aslam Bashir Chaudhry Farooq Hussain Iqbal Mahmood Qureshi Rafiq Sheikh"),
    ("English", "Urdu", "Punjabi"),
)
BANGLADESHI = Origin(
    _words("Anika Farhana Mim Nadia Nusrat Rumana Sumaiya Tahmina"),
    _words("Arif Fahim Imtiaz Jamil Nabil Rafi Shahin Tanvir"),
    _words("Ahmed Ali Begum Chowdhury Islam Miah Rahman Uddin"),
    ("Bengali", "English"),
)
CHINESE = Origin(
    _words("Hui Jing Lan Mei Xin"), _words("Bo Hao Jun Lei Wei"), _words("Chan Lau Lin Wong Zhang"), ("Cantonese",)
)
AFGHAN = Origin(
    _words("Bibi Farida Laila Nazanin Shabnam"),
    _words("Abdul Ajmal Asif Farhad Hamid Jawad Mirwais Najib Nasir Rahim Waheed Zabi"),
    _words("Ahmadzai Amiri Barakzai Durrani Hotak Nazari Noorzai Rahimi Safi Stanekzai Wardak Zadran"),
    ("Pashto", "Dari"),
)
KURDISH = Origin(
    _words("Avin Berivan Hana Rojin Shilan"),
    _words("Aram Azad Diyar Hawar Karwan Rawa Rebin Sherwan Soran Zanyar"),
    _words("Abdulla Aziz Barzan Hama Kareem Mahmud Qadir Rashid Salih Sharif"),
    ("Kurdish", "Arabic", "Farsi"),
)
ARAB = Origin(
    _words("Amal Dana Hala Leila Rania Salma Yasmin"),
    _words("Ali Bassam Fadi Karim Marwan Samir Tarek Yusef"),
    _words("Darwish Haddad Khalil Mansour Nasser Saleh Zaki"),
    ("Arabic", "English"),
)
VIETNAMESE = Origin(
    _words("Anh Hoa Lan Linh Mai Thu"),
    _words("Bao Duc Hieu Minh Quang Tuan"),
    _words("Dang Ho Le Nguyen Pham Tran Vu"),
    ("Vietnamese",),
)
ALBANIAN = Origin(
    _words("Arta Besa Dafina Elira"),
    _words("Ardit Besnik Erion Fatos Klajdi Luan"),
    _words("Berisha Gjoka Hoxha Krasniqi Leka Shehu"),
    ("Albanian",),
)

# Ethnicity code: how many in a hundred of the children who come into care, and the origins their names have.
# Near the national table for 31 March 2025, without those who came alone to seek asylum.
ETHNICITIES: dict[str, tuple[float, tuple[Origin, ...]]] = {
    "WBRI": (68.5, (BRITISH,)),
    "WIRI": (0.6, (BRITISH,)),
    "WIRT": (0.7, (TRAVELLER,)),
    "WROM": (0.9, (ROMA,)),
    "WOTH": (3.3, (EASTERN_EUROPEAN,)),
    "MWBC": (4.2, (BRITISH, CARIBBEAN)),
    "MWBA": (1.7, (BRITISH, WEST_AFRICAN)),
    "MWAS": (2.2, (BRITISH, PAKISTANI, INDIAN)),
    "MOTH": (3.0, (BRITISH, ARAB, EASTERN_EUROPEAN)),
    "AIND": (0.7, (INDIAN,)),
    "APKN": (2.1, (PAKISTANI,)),
    "ABAN": (1.1, (BANGLADESHI,)),
    "CHNE": (0.2, (CHINESE,)),
    "AOTH": (1.0, (AFGHAN, VIETNAMESE)),
    "BCRB": (2.2, (CARIBBEAN,)),
    "BAFR": (3.2, (WEST_AFRICAN, EAST_AFRICAN)),
    "BOTH": (1.0, (CARIBBEAN, WEST_AFRICAN)),
    "OOTH": (1.6, (ARAB, KURDISH)),
    "REFU": (0.5, (BRITISH, EASTERN_EUROPEAN)),
    "NOBT": (1.0, (BRITISH, BRITISH, PAKISTANI)),
}

# What some are called instead of the given name.
NICKNAMES = {
    "Abigail": "Abi", "Alexander": "Alex", "Bethany": "Beth", "Edward": "Eddie", "Florence": "Flo", "Gabriel": "Gabe",
    "Georgia": "Georgie", "Harriet": "Hattie", "Harrison": "Harry", "Imogen": "Immy", "Isabel": "Izzy",
    "Jasmine": "Jaz", "Jessica": "Jess", "Matilda": "Tilly", "Megan": "Meg", "Michael": "Mikey", "Nathan": "Nate",
    "Nathaniel": "Nate", "Oliver": "Ollie", "Olivia": "Liv", "Penny": "Pen", "Robert": "Bobby", "Samuel": "Sam",
    "Scarlett": "Scar", "Sebastian": "Seb", "Thomas": "Tom", "Aleksandra": "Ola", "Katarzyna": "Kasia",
}  # fmt: skip

# Who comes alone to seek asylum: origin, ethnicity code, weight.
SEEKING_ASYLUM: dict[tuple[Origin, str], float] = {
    (AFGHAN, "AOTH"): 30,
    (EAST_AFRICAN, "BAFR"): 27,
    (KURDISH, "OOTH"): 24,
    (VIETNAMESE, "AOTH"): 11,
    (ALBANIAN, "WOTH"): 8,
}


def given_name(origin: Origin, sex: str, chance: Chance) -> str:
    return chance.choice(origin.girls if sex == "F" else origin.boys)


def family_name(origin: Origin, chance: Chance) -> str:
    """A family name; now and then a double one."""
    name = chance.choice(origin.families)
    if origin is BRITISH and chance.happens(0.05):
        return f"{name}-{chance.choice([other for other in origin.families if other != name])}"
    return name

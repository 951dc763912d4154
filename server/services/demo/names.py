"""Names that nobody could take for a patient's."""

# fmt: off
FIRST = (
    "Acacia", "Alder", "Aspen", "Basil", "Birch", "Bramble", "Briar", "Bryony", "Cedar",
    "Celandine", "Chervil", "Clover", "Comfrey", "Coral", "Cosmos", "Dahlia", "Dill", "Elder",
    "Fennel", "Fern", "Flax", "Foxglove", "Ginger", "Hawthorn", "Hazel", "Heath", "Heather",
    "Hyssop", "Iris", "Ivy", "Jasmine", "Juniper", "Larch", "Laurel", "Lavender", "Linden",
    "Lotus", "Lupin", "Maple", "Marjoram", "Mint", "Myrtle", "Nettle", "Oakley", "Olive",
    "Orchid", "Pansy", "Poppy", "Quince", "Reed", "Rowan", "Rue", "Saffron", "Sage", "Sorrel",
    "Tansy", "Teasel", "Thyme", "Valerian", "Willow", "Yarrow", "Zinnia",
)
# fmt: on
LAST = ("Example", "Sample", "Fictional", "Invented", "Placeholder")


def patient_name(number: int) -> str:
    """The n-th patient's name, from 0; all differ up to the product of both lists."""
    return f"{FIRST[number % len(FIRST)]} {LAST[(number + number // len(FIRST)) % len(LAST)]}"

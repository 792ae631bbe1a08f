"""Small data sets in the layouts of the real ones."""

import gzip
import io
import tarfile
import zipfile


def tar(members, level=9):
    """A tar.gz of {name: text, or a TarInfo without content}, in this order."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, text in members.items():
            if isinstance(text, tarfile.TarInfo):
                archive.addfile(text)
            else:
                member = tarfile.TarInfo(name)
                content = text if isinstance(text, bytes) else text.encode()
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return gzip.compress(buffer.getvalue(), level, mtime=0)


def zipped(members):
    """A zip of {name or ZipInfo: text}."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def reviews():
    """Members of an IMDB archive in no order, with files that are none of the labelled reviews."""
    return {
        "aclImdb/train/unsup/0_0.txt": "not labelled",
        "aclImdb/train/pos/10_9.txt": "good <br /> tenth",
        "aclImdb/train/pos/9_10.txt": "good ninth",
        "aclImdb/test/pos/0_7.txt": "très bon 😀",
        "aclImdb/train/neg/0_1.txt": "bad",
        "aclImdb/train/labeledBow.feat": "9 0:9",
        "aclImdb/test/neg/0_2.txt": "",
        "aclImdb/README": "about",
    }


def trees():
    """Members of a treebank archive: two sentences a split, and a neutral one."""
    lines = "(0 (2 {0}) (0 bad))\n\n(4 (2 {0}) (4 (2 -LRB-) (3 great\\/fine)))\n(2 (2 {0}) (2 so-so))\n"
    return {f"trees/{split}.txt": lines.format(split) for split in ("train", "dev", "test")}


def stars():
    """Members of a Yelp archive."""
    rows = [f'"{star}","a ""{star}""\\nstar"' for star in (5, 4, 3, 2, 1)]
    return {f"yelp_some_csv/{split}.csv": "\n".join(rows) + "\n" for split in ("train", "test")}


def news():
    return "\n".join(f'"{i % 4 + 1}","Title","text\\{i}"' for i in range(20)) + "\n"


def comments():
    return "\n".join(f"word {i}\t{i}\tid" for i in range(28)) + "\nboth\t1,2\tid\n"

namespace Freshet.Core.Bencoding;

/// <summary>
/// A token of a parsed document: where it begins, and how many nodes its value takes, its own and those of its end and all
/// between them. Eight bytes, so that a hostile document costs at most four times its own size.
/// </summary>
internal readonly record struct BencodeNode(int Start, int Size);

namespace Freshet.Core.Bencoding;

/// <summary>
/// A token of a parsed document: where it begins, and how many nodes its value takes, its own and those of its end and all
/// between them. Eight bytes for each token, and a token has at least one: a hostile document costs at most eight times its own size, and
/// an ordinary one about as much as it has.
/// </summary>
internal readonly record struct BencodeNode(int Start, int Size);

namespace Freshet.Core.Bencoding;

/// <summary>
/// A token of a parsed document: its position, and the number of nodes of its value, counting its own, its end and all between them. Each
/// token takes eight bytes of memory and at least one byte of input: a hostile document costs at most eight times its own size, and an
/// ordinary one about its own size.
/// </summary>
internal readonly record struct BencodeNode(int Start, int Size);

using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using Freshet.Core.Bencoding;
using Freshet.Core.Pieces;

namespace Freshet.Core.Metainfo;

/// <summary>Describes a new torrent and writes it as a .torrent file. The same input produces the same bytes.</summary>
public sealed record MetainfoBuilder
{
    /// <summary>The largest piece length in bytes.</summary>
    public const int MaxPieceLength = Limits.MaxPieceLength;

    /// <summary>The largest number of pieces.</summary>
    public const int MaxPieces = Limits.MaxPieces;

    /// <summary>The largest number of files.</summary>
    public const int MaxFiles = Limits.MaxFiles;

    /// <summary>The name of the file or folder.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The files, in the order in which they were hashed; see <see cref="MetainfoFile.InOrder"/>. A single file with an empty path creates
    /// a torrent without a folder.
    /// </summary>
    public required ImmutableArray<MetainfoFile> Files { get; init; }

    /// <summary>The piece length in bytes; see <see cref="PieceLengthChooser"/>.</summary>
    public required int PieceLength { get; init; }

    /// <summary>The SHA-1 hashes of the pieces, 20 bytes each, concatenated.</summary>
    public required ReadOnlyMemory<byte> PieceHashes { get; init; }

    /// <summary>Trackers, by tier (BEP 12).</summary>
    public ImmutableArray<ImmutableArray<string>> Trackers { get; init; } = [];

    /// <summary>Web seeds (BEP 19).</summary>
    public ImmutableArray<string> WebSeeds { get; init; } = [];

    /// <summary>DHT nodes for bootstrapping, <c>host:port</c> (BEP 5).</summary>
    public ImmutableArray<string> Nodes { get; init; } = [];

    /// <summary>Whether peers may only be found through the trackers (BEP 27).</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Free text, or null.</summary>
    public string? Comment { get; init; }

    /// <summary>The program that created the torrent, or null.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>When the torrent was created, to the second, or null.</summary>
    public DateTimeOffset? CreationDate { get; init; }

    /// <summary>A tag that gives the torrent a distinct info-hash, or null.</summary>
    public string? Source { get; init; }

    private bool IsMultiFile => Files.Length != 1 || Files[0].Path.Length > 0;

    /// <summary>
    /// Writes the .torrent file. Throws an <see cref="InvalidOperationException"/> for anything that would make the torrent unreadable.
    /// </summary>
    public byte[] Build()
    {
        Validate();
        var output = new ArrayBufferWriter<byte>(PieceHashes.Length + 1024);
        var writer = new BencodeWriter(output);
        writer.WriteDictionaryStart();
        WriteTrackers(writer);
        if (Comment is not null)
            writer.Write("comment"u8, Comment);
        if (CreatedBy is not null)
            writer.Write("created by"u8, CreatedBy);
        if (CreationDate is DateTimeOffset date)
            writer.Write("creation date"u8, date.ToUnixTimeSeconds());
        writer.WriteKey("info"u8);
        WriteInfo(writer);
        WriteNodes(writer);
        if (!WebSeeds.IsEmpty)
        {
            writer.WriteKey("url-list"u8);
            WriteList(writer, WebSeeds);
        }

        writer.WriteEnd();
        return output.WrittenSpan.ToArray();
    }

    private void Validate()
    {
        if (Name.Length == 0 || Files.IsEmpty)
            throw new InvalidOperationException("A torrent needs a name and at least one file.");
        if (IsMultiFile && Files.Any(file => file.Path.IsEmpty))
            throw new InvalidOperationException("If there are several files, each needs a path.");
        var layout = new PieceLayout(PieceLength, ImmutableArray.CreateRange(Files, file => file.Length));
        if (layout.PieceCount == 0)
            throw new InvalidOperationException("A torrent needs at least one file that is not empty.");
        if (PieceHashes.Length != (long)layout.PieceCount * Bytes20.Length)
            throw new InvalidOperationException(
                $"{layout.PieceCount} pieces need {layout.PieceCount} hashes, not {PieceHashes.Length} bytes.");
    }

    private void WriteTrackers(BencodeWriter writer)
    {
        int count = Trackers.Sum(tier => tier.Length);
        if (count == 0)
            return;
        writer.Write("announce"u8, Trackers.First(tier => tier.Length > 0)[0]);
        if (count == 1)
            return;
        writer.WriteKey("announce-list"u8);
        writer.WriteListStart();
        foreach (ImmutableArray<string> tier in Trackers)
        {
            if (!tier.IsEmpty)
                WriteList(writer, tier);
        }

        writer.WriteEnd();
    }

    private void WriteInfo(BencodeWriter writer)
    {
        writer.WriteDictionaryStart();
        if (IsMultiFile)
        {
            writer.WriteKey("files"u8);
            writer.WriteListStart();
            foreach (MetainfoFile file in Files)
                WriteFile(writer, file);
            writer.WriteEnd();
        }
        else
        {
            WriteTraits(writer, Files[0].Traits);
            writer.Write("length"u8, Files[0].Length);
        }

        writer.Write("name"u8, Name);
        writer.Write("piece length"u8, PieceLength);
        writer.Write("pieces"u8, PieceHashes.Span);
        if (IsPrivate)
            writer.Write("private"u8, 1);
        if (Source is not null)
            writer.Write("source"u8, Source);
        writer.WriteEnd();
    }

    private static void WriteFile(BencodeWriter writer, MetainfoFile file)
    {
        writer.WriteDictionaryStart();
        WriteTraits(writer, file.Traits);
        writer.Write("length"u8, file.Length);
        writer.WriteKey("path"u8);
        WriteList(writer, file.Path);
        if (!file.SymlinkPath.IsEmpty)
        {
            writer.WriteKey("symlink path"u8);
            WriteList(writer, file.SymlinkPath);
        }

        writer.WriteEnd();
    }

    private static void WriteTraits(BencodeWriter writer, FileTraits traits)
    {
        if (traits == FileTraits.None)
            return;
        Span<byte> letters = stackalloc byte[4];
        int count = 0;
        if ((traits & FileTraits.Hidden) != 0)
            letters[count++] = (byte)'h';
        if ((traits & FileTraits.Symlink) != 0)
            letters[count++] = (byte)'l';
        if ((traits & FileTraits.Padding) != 0)
            letters[count++] = (byte)'p';
        if ((traits & FileTraits.Executable) != 0)
            letters[count++] = (byte)'x';
        writer.Write("attr"u8, letters[..count]);
    }

    private void WriteNodes(BencodeWriter writer)
    {
        if (Nodes.IsEmpty)
            return;
        writer.WriteKey("nodes"u8);
        writer.WriteListStart();
        foreach (string node in Nodes)
        {
            int colon = node.LastIndexOf(':');
            if (colon < 0 || !ushort.TryParse(node.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
                throw new InvalidOperationException($"'{node}' is not a host and port (host:port).");
            writer.WriteListStart();
            writer.WriteString(node[..colon].Trim('[', ']'));
            writer.WriteInteger(port);
            writer.WriteEnd();
        }

        writer.WriteEnd();
    }

    private static void WriteList(BencodeWriter writer, ImmutableArray<string> texts)
    {
        writer.WriteListStart();
        foreach (string text in texts)
            writer.WriteString(text);
        writer.WriteEnd();
    }
}

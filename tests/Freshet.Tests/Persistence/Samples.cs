using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Disk.Files;
using Freshet.Persistence;

namespace Freshet.Tests.Persistence;

/// <summary>
/// A torrent of three files and four pieces: the third piece is the end of the second file, and the last one starts there and ends in the
/// third file.</summary>
internal static class Samples
{
    public const int PieceLength = 32 * 1024;

    public static readonly TorrentMetainfo Metainfo = Make(2 * PieceLength, PieceLength + (PieceLength / 2), PieceLength / 2);

    public static readonly FileStamp[] Whole =
        [StampOf(2 * PieceLength), StampOf(PieceLength + (PieceLength / 2)), StampOf(PieceLength / 2)];

    public static readonly FileStamp[] Nothing = [default, default, default];

    public static TorrentRecord Record(bool clean, params int[] have) => new()
    {
        InfoHash = Metainfo.SwarmHash,
        Folder = "/mnt/disk",
        Data = Data(clean, have),
    };

    public static ResumeRecord Data(bool clean, params int[] have) => new()
    {
        Have = Set(Metainfo.Layout.PieceCount, have),
        Files = have.Length == 0 ? Nothing : Whole,
        IsClean = clean,
    };

    public static FileStamp StampOf(long length, int modified = 100) => new(true, length, new DateTime(modified, DateTimeKind.Utc));

    public static Bitfield Set(int length, params int[] members)
    {
        Bitfield set = new(length);
        foreach (int member in members)
            set.Add(new PieceIndex(member));
        return set;
    }

    public static int[] Members(Bitfield set) => [.. Enumerable.Range(0, set.Length).Where(i => set[new PieceIndex(i)])];

    private static TorrentMetainfo Make(params long[] lengths)
    {
        PieceLayout layout = new(PieceLength, [.. lengths]);
        return new TorrentMetainfo
        {
            InfoHash = new InfoHash([.. Enumerable.Range(0, 20).Select(i => (byte)i)]),
            Name = "sample",
            IsMultiFile = true,
            Files = [.. lengths.Select((length, i) =>
                new TorrentFile { Index = i, Path = $"sample/{i}", Length = length, Offset = layout.OffsetOfFile(i) })],
            Layout = layout,
            PieceHashes = new byte[20 * layout.PieceCount],
            InfoBytes = ReadOnlyMemory<byte>.Empty,
        };
    }
}

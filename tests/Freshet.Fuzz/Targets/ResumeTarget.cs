using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Bencoding;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

using Freshet.Persistence;

namespace Freshet.Fuzz.Targets;

/// <summary>
/// Resume files: read as they are, and once more with a valid checksum, since hardly any input would get past it otherwise. What is
/// accepted is written so that it reads back the same.
/// </summary>
internal sealed class ResumeTarget : IFuzzTarget
{
    private static readonly TorrentMetainfo Torrent = MakeTorrent();

    public string Name => "resume";

    public bool IsBencoded => true;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            Bitfield have = new(Torrent.Layout.PieceCount);
            have.Add(new PieceIndex(3));
            byte[] file = ResumeCodec.Write(new TorrentRecord
            {
                InfoHash = Torrent.SwarmHash,
                Folder = "/data",
                Map = FileMap.Identity.WithPath(Torrent.Files[0], "x/y"),
                Renaming = new PendingRename(2, "z"),
                Options = new TorrentOptions
                {
                    FilePriorities = [FilePriority.Low, FilePriority.Skip],
                    OnlyPieces = [new PieceIndex(1)],
                    Peers = [new IPEndPoint(IPAddress.IPv6Loopback, 6881)],
                    UserData = ImmutableDictionary<string, string>.Empty.Add("label", "linux"),
                    DownloadFolder = "/data",
                },
                Totals = new TorrentTotals { Downloaded = new ByteSize(5) },
                Data = new ResumeRecord
                {
                    Have = have,
                    Partial =
                    [
                        new PartialPiece(new PieceIndex(1), new byte[] { 0x40 }),
                        new PartialPiece(new PieceIndex(5), new byte[] { 0x80 }),
                    ],
                    Files = [new(true, 100_000, DateTime.UnixEpoch), default, new(true, 7, DateTime.UnixEpoch)],
                    IsClean = true,
                },
            });
            yield return file;
            BencodeDocument.TryParse(file, BencodeOptions.Strict, out BencodeDocument? document, out _);
            yield return document!.Root["data"u8].String.ToArray();
        }
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        Check(input.ToArray());
        Check(SealedFile.Seal(input.ToArray()));
    }

    private static void Check(byte[] file)
    {
        if (!ResumeCodec.TryRead(file, Torrent, out TorrentRecord? record, out string? error))
        {
            FuzzException.Require(error.Length > 0, "an error must say why");
            return;
        }

        if (record.Data is { } data)
        {
            FuzzException.Require(
                data.Have.Length == Torrent.Layout.PieceCount && data.Files.Count == Torrent.Files.Length, "a record must fit its torrent");
            FuzzException.Require(data.Partial.All(partial => !data.Have[partial.Piece]), "a piece that we have must not be partial");
        }

        FuzzException.Require(
            Torrent.Files.Select(stored => record.Map[stored].Path).Distinct().Count() == Torrent.Files.Length,
            "no two files share a place");
        record.Options.Validate();
        byte[] written = ResumeCodec.Write(record);
        FuzzException.Require(
            ResumeCodec.TryRead(written, Torrent, out TorrentRecord? again, out error), $"what is written must be readable: {error}");
        FuzzException.Require(ResumeCodec.Write(again).AsSpan().SequenceEqual(written), "what is written must read back the same");
    }

    private static TorrentMetainfo MakeTorrent()
    {
        byte[] torrent = new MetainfoBuilder
        {
            Name = "sample",
            PieceLength = 32 * 1024,
            PieceHashes = new byte[20 * 7],
            Files =
            [
                new MetainfoFile { Path = ["a"], Length = 100_000 },
                new MetainfoFile { Path = ["b"], Length = 0 },
                new MetainfoFile { Path = ["c"], Length = (6 * 32 * 1024) + 5 - 100_000 },
            ],
        }.Build();
        return MetainfoReader.TryRead(torrent, out TorrentMetainfo? metainfo, out MetainfoError? error)
            ? metainfo : throw new InvalidOperationException(error.Message);
    }
}

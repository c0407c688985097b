using System.Globalization;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Disk.Files;
using Freshet.Persistence;

namespace Freshet.Benchmarks.Rest;

/// <summary>
/// Makes complete torrents and their state as a session leaves it: sparse files, and a .torrent file and a record for each. Nothing is ever
/// read from the files or sent, so their content does not matter.
/// </summary>
internal static class RestTorrents
{
    public const int Pieces = 2_000;
    public const int FileCount = 3;

    private const int PieceLength = 64 * 1024;
    private const long TotalLength = (long)Pieces * PieceLength;

    public static string DataIn(string folder) => Path.Combine(folder, "data");

    public static string StateIn(string folder) => Path.Combine(folder, "state");

    public static void Make(string folder, int count)
    {
        Directory.CreateDirectory(DataIn(folder));
        Directory.CreateDirectory(StateIn(folder));
        Parallel.For(0, count, number => MakeOne(folder, number));
    }

    private static void MakeOne(string folder, int number)
    {
        byte[] hashes = new byte[20 * Pieces];
        new Random(number).NextBytes(hashes);
        string name = string.Create(CultureInfo.InvariantCulture, $"A torrent with a name of usual length, number {number:00000}");
        byte[] torrent = new MetainfoBuilder
        {
            Name = name,
            PieceLength = PieceLength,
            PieceHashes = hashes,
            Files = [.. Enumerable.Range(0, FileCount)
                .Select(i => new MetainfoFile { Path = ["part", $"file {i}.bin"], Length = LengthOf(i) })],
        }.Build();
        if (!MetainfoReader.TryRead(torrent, out TorrentMetainfo? metainfo, out MetainfoError? error))
            throw new InvalidOperationException(error.Message);

        List<FileStamp> stamps = [];
        foreach (TorrentFile file in metainfo.Files)
        {
            string path = Path.Combine(DataIn(folder), file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (FileStream stream = new(path, FileMode.Create))
                stream.SetLength(file.Length);
            stamps.Add(new FileStamp(true, file.Length, File.GetLastWriteTimeUtc(path)));
        }

        Bitfield have = new(Pieces);
        have.AddAll();
        string state = Path.Combine(StateIn(folder), metainfo.SwarmHash.ToString());
        File.WriteAllBytes(state + ".torrent", torrent);
        File.WriteAllBytes(state + ".resume", ResumeCodec.Write(new TorrentRecord
        {
            InfoHash = metainfo.SwarmHash,
            Folder = DataIn(folder),
            Run = RunState.Seeding,
            Position = number,
            AddedAt = DateTimeOffset.UnixEpoch.AddDays(20_000),
            CompletedAt = DateTimeOffset.UnixEpoch.AddDays(20_001),
            Data = new ResumeRecord { Have = have, Files = stamps, IsClean = true },
        }));
    }

    private static long LengthOf(int file) =>
        file < FileCount - 1 ? TotalLength / FileCount : TotalLength - ((FileCount - 1) * (TotalLength / FileCount));
}

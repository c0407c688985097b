using System.Security.Cryptography;

namespace Freshet.Interop.Torrents;

/// <summary>Creates the torrents that tests and measurements transfer: random bytes from a fixed seed, and a version 1 metainfo.</summary>
public static class SampleTorrents
{
    private const int KiB = 1024;
    private const int MiB = 1024 * 1024;

    /// <summary>One file, whose last piece is short.</summary>
    public static SampleTorrent SingleFile(string folder, long length = (12 * MiB) + 12_345, int pieceLength = 256 * KiB) =>
        Make(folder, "single file.bin", pieceLength, [new SampleFile(length)]);

    /// <summary>
    /// Everything that a torrent with many files can have: files of length zero at the beginning, in between and at the end, nested
    /// folders, pieces that span many files, a pad file, names outside ASCII, and a short last piece.
    /// </summary>
    public static SampleTorrent ManyFiles(string folder, long largest = (5 * MiB) + 1)
    {
        const int PieceLength = 128 * KiB;
        const int UpToPad = (3 * MiB) + 17;
        return Make(folder, "Sämmlung – 集合", PieceLength,
        [
            new SampleFile(0, "0 empty.bin"),
            new SampleFile(UpToPad, "nested", "deep", "down", "b.bin"),
            new SampleFile(PieceLength - (UpToPad % PieceLength), ".pad", "1") { IsPad = true },
            new SampleFile(1, "one byte"),
            new SampleFile(0, "nested", "deep", "also empty"),
            .. Enumerable.Range(0, 40).Select(i => new SampleFile(1_000 + (i * 777), "small", $"{i:00}.txt")),
            new SampleFile(largest, "日本語", "ファイル.bin"),
            new SampleFile(100 * KiB, "emoji 🎈.dat"),
            new SampleFile((2 * MiB) + 333, "z", "last with content.bin"),
            new SampleFile(0, "z", "z empty"),
        ]);
    }

    /// <summary>Writes the data below <paramref name="folder"/>/data, unless it exists, and the .torrent file beside it.</summary>
    public static SampleTorrent Make(string folder, string name, int pieceLength, IReadOnlyList<SampleFile> files)
    {
        string dataFolder = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
        using PieceHashes hashes = new(pieceLength);
        Random random = new(20_231);
        byte[] buffer = new byte[MiB];
        foreach (SampleFile file in files)
            WriteFile(Path.Combine([dataFolder, name, .. file.Path]), file, buffer, random, hashes);

        SortedDictionary<string, object> info = Bencode.Dictionary(
            ("name", name), ("piece length", pieceLength), ("pieces", hashes.Finish()));
        if (files is [{ Path: [] } only])
            info.Add("length", only.Length);
        else
            info.Add("files", files.Select(object (file) => FileEntry(file)).ToList());
        string torrentPath = Path.Combine(folder, "sample.torrent");
        File.WriteAllBytes(torrentPath, Bencode.Write(Bencode.Dictionary(("info", info))));
        return new SampleTorrent
        {
            TorrentPath = torrentPath,
            InfoHash = SampleTorrent.ReadInfoHash(torrentPath),
            Name = name,
            DataFolder = dataFolder,
            Files = files,
        };
    }

    private static SortedDictionary<string, object> FileEntry(SampleFile file)
    {
        SortedDictionary<string, object> entry = Bencode.Dictionary(("length", file.Length), ("path", file.Path.ToList<object>()));
        if (file.IsPad)
            entry.Add("attr", "p");
        return entry;
    }

    private static void WriteFile(string path, SampleFile file, byte[] buffer, Random random, PieceHashes hashes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream stream = File.Create(path);
        for (long left = file.Length; left > 0;)
        {
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            if (file.IsPad)
                part.Clear();
            else
                random.NextBytes(part);
            stream.Write(part);
            hashes.Append(part);
            left -= part.Length;
        }
    }

    /// <summary>Splits a stream of bytes into pieces and hashes each.</summary>
    private sealed class PieceHashes(int pieceLength) : IDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        private readonly MemoryStream _hashes = new();
        private int _filled;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            while (!bytes.IsEmpty)
            {
                int count = Math.Min(bytes.Length, pieceLength - _filled);
                _hash.AppendData(bytes[..count]);
                bytes = bytes[count..];
                _filled += count;
                if (_filled == pieceLength)
                    EndPiece();
            }
        }

        public byte[] Finish()
        {
            if (_filled > 0)
                EndPiece();
            return _hashes.ToArray();
        }

        public void Dispose()
        {
            _hash.Dispose();
            _hashes.Dispose();
        }

        private void EndPiece()
        {
            _hashes.Write(_hash.GetHashAndReset());
            _filled = 0;
        }
    }
}

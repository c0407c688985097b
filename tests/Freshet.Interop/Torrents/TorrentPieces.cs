using System.Security.Cryptography;

namespace Freshet.Interop.Torrents;

/// <summary>The pieces of a sample torrent: their hashes according to its .torrent file, and their bytes on disk.</summary>
public sealed class TorrentPieces
{
    private readonly SampleTorrent _torrent;
    private readonly byte[] _hashes;

    public TorrentPieces(SampleTorrent torrent)
    {
        _torrent = torrent;
        var metainfo = (SortedDictionary<string, object>)Bencode.Read(File.ReadAllBytes(torrent.TorrentPath));
        var info = (SortedDictionary<string, object>)metainfo["info"];
        _hashes = (byte[])info["pieces"];
        Length = (int)(long)info["piece length"];
    }

    /// <summary>The length in bytes of each piece except the last.</summary>
    public int Length { get; }

    public int Count => _hashes.Length / SHA1.HashSizeInBytes;

    public int LengthOf(int piece) => (int)Math.Min(Length, _torrent.Length - ((long)piece * Length));

    /// <summary>All bytes of the torrent as stored in a folder; missing bytes are zeros.</summary>
    public byte[] ReadAll(string folder)
    {
        byte[] all = new byte[_torrent.Length];
        long offset = 0;
        foreach (SampleFile file in _torrent.Files)
        {
            string path = Path.Combine([folder, _torrent.Name, .. file.Path]);
            if (!file.IsPad && File.Exists(path))
            {
                using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                stream.ReadAtLeast(all.AsSpan((int)offset, (int)file.Length), (int)file.Length, throwOnEndOfStream: false);
            }

            offset += file.Length;
        }

        return all;
    }

    public ReadOnlySpan<byte> BytesOf(byte[] all, int piece)
    {
        int start = piece * Length;
        return all.AsSpan(start, Math.Min(Length, all.Length - start));
    }

    /// <summary>Whether the bytes match the hash in the .torrent file.</summary>
    public bool IsGood(byte[] all, int piece) =>
        SHA1.HashData(BytesOf(all, piece)).AsSpan().SequenceEqual(_hashes.AsSpan(piece * SHA1.HashSizeInBytes, SHA1.HashSizeInBytes));
}

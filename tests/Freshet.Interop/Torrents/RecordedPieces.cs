using System.Security.Cryptography;

namespace Freshet.Interop.Torrents;

/// <summary>
/// The pieces that a torrent's record in a state folder vouches for. They are read without Freshet's own code, so that each checks the
/// other.
/// </summary>
public static class RecordedPieces
{
    /// <summary>
    /// Reads the record, or the previous one if the record is missing or damaged; the result is empty if there is neither.
    /// </summary>
    public static HashSet<int> Read(string stateFolder, SampleTorrent torrent, int pieceCount)
    {
        string path = Path.Combine(stateFolder, torrent.InfoHash + ".resume");
        byte[]? have = ReadHave(path) ?? ReadHave(path + ".previous");
        return have is null or []
            ? []
            : [.. Enumerable.Range(0, pieceCount).Where(piece => (have[piece / 8] & (0x80 >> (piece % 8))) != 0)];
    }

    private static byte[]? ReadHave(string path)
    {
        try
        {
            var sealedRecord = (SortedDictionary<string, object>)Bencode.Read(File.ReadAllBytes(path));
            byte[] data = (byte[])sealedRecord["data"];
            if (!SHA256.HashData(data).AsSpan().SequenceEqual((byte[])sealedRecord["sha256"]))
                return null;
            var record = (SortedDictionary<string, object>)Bencode.Read(data);

            // The record of a torrent that was just added says nothing about its data.
            return record.TryGetValue("pieces", out object? pieces) ? (byte[])pieces : [];
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentOutOfRangeException or FormatException or InvalidCastException)
        {
            // Torn, as after a kill in the middle of a write.
            return null;
        }
    }
}

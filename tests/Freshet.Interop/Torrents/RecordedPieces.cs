using System.Security.Cryptography;

namespace Freshet.Interop.Torrents;

/// <summary>
/// The pieces that a state folder's record of a torrent vouches for. Read apart from Freshet's own code, so that the one is a check on the
/// other.
/// </summary>
public static class RecordedPieces
{
    /// <summary>What the record has, or the one before it where the record is not there or damaged; empty without either.</summary>
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

            // A torrent that was just added has a record that says nothing of its data.
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
            // Torn, as a kill in the middle of a write leaves it.
            return null;
        }
    }
}

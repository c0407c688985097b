using System.Buffers;
using Freshet.Core.Bencoding;
using Freshet.Core.Metainfo;
using Freshet.Core.Wire;
using Freshet.Tracker.Swarms;

namespace Freshet.Tracker.Http;

/// <summary>Answers over HTTP, bencoded (BEP 3, 7, 21, 23, 24, 31, 48).</summary>
internal static class TrackerAnswer
{
    /// <param name="output">The output, which is appended to.</param>
    /// <param name="reason">The reason, for people.</param>
    /// <param name="retryInMinutes">When to retry (BEP 31); 0 leaves that to the client.</param>
    public static void WriteFailure(IBufferWriter<byte> output, string reason, int retryInMinutes = 0)
    {
        BencodeWriter writer = new(output);
        writer.WriteDictionaryStart();
        writer.Write("failure reason"u8, reason);
        if (retryInMinutes > 0)
            writer.Write("retry in"u8, retryInMinutes);
        writer.WriteEnd();
    }

    public static void WriteAnnounce(
        IBufferWriter<byte> output, in SwarmReply reply, AnnounceQuery query, PeerAddress asker, TrackerOptions options)
    {
        Span<byte> address = stackalloc byte[PeerAddress.CompactV6Length];
        asker.WriteCompact(address);
        BencodeWriter writer = new(output);
        writer.WriteDictionaryStart();
        writer.Write("complete"u8, reply.Counts.Complete);
        writer.Write("downloaded"u8, reply.Counts.Downloaded);
        writer.Write("external ip"u8, address[..(asker.IsV6 ? 16 : 4)]);
        writer.Write("incomplete"u8, reply.Counts.Incomplete);
        writer.Write("interval"u8, (long)options.Interval.TotalSeconds);
        writer.Write("min interval"u8, (long)options.MinInterval.TotalSeconds);
        writer.WriteKey("peers"u8);
        if (query.IsCompact)
        {
            writer.WriteString(Pack(reply.Peers, isV6: false));
            byte[] packedV6 = Pack(reply.Peers, isV6: true);
            if (packedV6.Length > 0)
                writer.Write("peers6"u8, packedV6);
        }
        else
        {
            WritePeers(writer, reply.Peers, query.NoPeerId);
        }

        writer.WriteEnd();
    }

    /// <param name="output">The output, which is appended to.</param>
    /// <param name="swarms">The swarms that are known, ascending by info-hash.</param>
    public static void WriteScrape(IBufferWriter<byte> output, IEnumerable<(InfoHash InfoHash, SwarmCounts Counts)> swarms)
    {
        Span<byte> key = stackalloc byte[InfoHash.Length];
        BencodeWriter writer = new(output);
        writer.WriteDictionaryStart();
        writer.WriteKey("files"u8);
        writer.WriteDictionaryStart();
        foreach ((InfoHash infoHash, SwarmCounts counts) in swarms)
        {
            infoHash.CopyTo(key);
            writer.WriteKey(key);
            writer.WriteDictionaryStart();
            writer.Write("complete"u8, counts.Complete);
            writer.Write("downloaded"u8, counts.Downloaded);
            writer.Write("downloaders"u8, counts.Downloaders);
            writer.Write("incomplete"u8, counts.Incomplete);
            writer.WriteEnd();
        }

        writer.WriteEnd();
        writer.WriteEnd();
    }

    private static byte[] Pack(IReadOnlyList<SwarmPeer> peers, bool isV6)
    {
        int length = isV6 ? PeerAddress.CompactV6Length : PeerAddress.CompactV4Length;
        int count = 0;
        foreach (SwarmPeer peer in peers)
            count += peer.Address.IsV6 == isV6 ? 1 : 0;
        byte[] packed = new byte[count * length];
        Span<byte> rest = packed;
        foreach (SwarmPeer peer in peers)
        {
            if (peer.Address.IsV6 != isV6)
                continue;
            peer.Address.WriteCompact(rest);
            rest = rest[length..];
        }

        return packed;
    }

    private static void WritePeers(BencodeWriter writer, IReadOnlyList<SwarmPeer> peers, bool noPeerId)
    {
        Span<byte> id = stackalloc byte[PeerId.Length];
        writer.WriteListStart();
        foreach (SwarmPeer peer in peers)
        {
            writer.WriteDictionaryStart();
            writer.Write("ip"u8, peer.Address.ToIPAddress().ToString());
            if (!noPeerId)
            {
                peer.Id.CopyTo(id);
                writer.Write("peer id"u8, id);
            }

            writer.Write("port"u8, peer.Address.Port);
            writer.WriteEnd();
        }

        writer.WriteEnd();
    }
}

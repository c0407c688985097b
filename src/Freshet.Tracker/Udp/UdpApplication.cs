using System.Buffers.Binary;
using System.Net;
using System.Text;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Trackers;
using Freshet.Tracker.Http;
using Freshet.Tracker.Swarms;

namespace Freshet.Tracker.Udp;

/// <summary>
/// Answers datagrams (BEP 15, BEP 41), on one thread. A sender that has not proved its address by a connection id gets no more bytes than
/// it sent, so that nobody can use this tracker to flood others.
/// </summary>
internal sealed class UdpApplication(SharedSwarms swarms, ConnectionIds connections, TrackerOptions options)
{
    /// <summary>The maximum length of a datagram in bytes, which every network carries unfragmented.</summary>
    public const int MaxLength = 1_400;

    private const int PeersStart = UdpTrackerAnswer.AnnounceLength;

    private readonly List<SwarmPeer> _drawn = [];

    /// <summary>Answers a datagram; returns the answer's length, 0 for none.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="asker">Its sender.</param>
    /// <param name="answer">The buffer for the answer, <see cref="MaxLength"/> bytes.</param>
    public int Answer(ReadOnlySpan<byte> datagram, PeerAddress asker, Span<byte> answer)
    {
        if (datagram.Length < UdpTrackerRequest.HeaderLength || asker.Port == 0)
            return Drop();
        ulong connection = BinaryPrimitives.ReadUInt64BigEndian(datagram);
        UdpTrackerAction action = (UdpTrackerAction)BinaryPrimitives.ReadUInt32BigEndian(datagram[8..]);
        datagram.Slice(8, 8).CopyTo(answer);
        if (action == UdpTrackerAction.Connect && connection == UdpTrackerRequest.ProtocolId)
        {
            swarms.CountConnect();
            BinaryPrimitives.WriteUInt64BigEndian(answer[8..], connections.For(asker, swarms.Now));
            return UdpTrackerAnswer.ConnectLength;
        }

        if (action is not (UdpTrackerAction.Announce or UdpTrackerAction.Scrape))
            return Drop();
        if (!connections.IsValid(connection, asker, swarms.Now))
        {
            // The message is shorter than any valid request.
            return datagram.Length < UdpTrackerRequest.HeaderLength + InfoHash.Length ? Drop() : Refuse(answer, "connection id mismatch");
        }

        return action == UdpTrackerAction.Announce ? Announce(datagram, asker, answer) : Scrape(datagram, answer);
    }

    private int Announce(ReadOnlySpan<byte> datagram, PeerAddress asker, Span<byte> answer)
    {
        if (!UdpAnnounce.TryRead(datagram, out UdpAnnounce announce, out string? error))
            return Refuse(answer, error);
        if (!IsAnnouncePath(announce.UrlData))
            return Refuse(answer, "this tracker answers at /announce");
        int peerLength = asker.IsV6 ? PeerAddress.CompactV6Length : PeerAddress.CompactV4Length;
        SwarmReply reply = swarms.Announce(
            new SwarmRequest
            {
                InfoHash = announce.InfoHash,
                PeerId = announce.PeerId,
                Address = AddressOf(announce, asker),
                Event = announce.Event,
                Left = announce.Left,
                NumWant = Math.Min(announce.NumWant ?? options.DefaultNumWant, (answer.Length - PeersStart) / peerLength),
                OwnFamilyOnly = true,
                Drawn = _drawn,
            },
            isUdp: true);
        if (reply.FailureReason is not null)
            return WriteError(answer, reply.FailureReason);
        BinaryPrimitives.WriteInt32BigEndian(answer[8..], (int)options.Interval.TotalSeconds);
        BinaryPrimitives.WriteInt32BigEndian(answer[12..], reply.Counts.Incomplete);
        BinaryPrimitives.WriteInt32BigEndian(answer[16..], reply.Counts.Complete);
        int length = PeersStart;
        foreach (SwarmPeer peer in reply.Peers)
        {
            // A peer announced with an address of the other family would not fit in.
            if (peer.Address.IsV6 != asker.IsV6)
                continue;
            peer.Address.WriteCompact(answer[length..]);
            length += peerLength;
        }

        return length;
    }

    private PeerAddress AddressOf(in UdpAnnounce announce, PeerAddress asker)
    {
        bool believes = announce.Address is { } named
            && AskerAddress.IsIn(asker.ToIPAddress(), options.TrustAnnouncedAddressFrom)
            && (announce.Port == 0 || AddressScopes.CanBeDialled(new IPEndPoint(named, announce.Port)));
        return believes ? PeerAddress.From(announce.Address!, announce.Port) : asker with { Port = announce.Port };
    }

    private int Scrape(ReadOnlySpan<byte> datagram, Span<byte> answer)
    {
        int most = (answer.Length - UdpTrackerAnswer.HeaderLength) / UdpTrackerAnswer.ScrapedLength;
        ReadOnlySpan<byte> asked = datagram[UdpTrackerRequest.HeaderLength..];
        int count = asked.Length / InfoHash.Length;
        if (count == 0 || asked.Length % InfoHash.Length != 0 || count > most)
            return Refuse(answer, "a scrape asks for 1 to " + most + " info-hashes of 20 bytes");
        Span<SwarmCounts> counts = stackalloc SwarmCounts[count];
        swarms.Scrape(asked, counts);
        int length = UdpTrackerAnswer.HeaderLength;
        foreach (SwarmCounts swarm in counts)
        {
            BinaryPrimitives.WriteInt32BigEndian(answer[length..], swarm.Complete);
            BinaryPrimitives.WriteInt32BigEndian(answer[(length + 4)..], swarm.Downloaded);
            BinaryPrimitives.WriteInt32BigEndian(answer[(length + 8)..], swarm.Incomplete);
            length += UdpTrackerAnswer.ScrapedLength;
        }

        return length;
    }

    private int Refuse(Span<byte> answer, string reason)
    {
        swarms.CountRefused();
        return WriteError(answer, reason);
    }

    private static int WriteError(Span<byte> answer, string reason)
    {
        BinaryPrimitives.WriteUInt32BigEndian(answer, (uint)UdpTrackerAction.Error);
        return UdpTrackerAnswer.HeaderLength + Encoding.ASCII.GetBytes(reason, answer[UdpTrackerAnswer.HeaderLength..]);
    }

    private int Drop()
    {
        swarms.CountDropped();
        return 0;
    }

    // As over HTTP; most clients send no path.
    private static bool IsAnnouncePath(string urlData)
    {
        int query = urlData.IndexOf('?', StringComparison.Ordinal);
        return (query < 0 ? urlData : urlData[..query]) is "" or "/" or "/announce";
    }
}

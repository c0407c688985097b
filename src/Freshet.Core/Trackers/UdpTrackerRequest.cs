using System.Buffers.Binary;
using System.Text;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Trackers;

/// <summary>
/// Writes requests to UDP trackers (BEP 15, BEP 41), each into a buffer of <see cref="MaxLength"/> bytes. All numbers are in network byte
/// order.
/// <code>
/// connect   8 protocol id   4 action 0  4 transaction
/// announce  8 connection id 4 action 1  4 transaction  20 info-hash  20 peer id  8 downloaded  8 left  8 uploaded
///           4 event  4 IPv4 address, 0  4 key  4 num want  2 port    options (BEP 41)
/// scrape    8 connection id 4 action 2  4 transaction  20 info-hash ...
/// </code>
/// </summary>
internal static class UdpTrackerRequest
{
    /// <summary>Identifies the protocol in a connect, in place of a connection id.</summary>
    public const ulong ProtocolId = 0x41727101980;

    public const int ConnectLength = 16;

    public const int AnnounceLength = 98;

    public const int HeaderLength = 16;

    /// <summary>Bytes of an announce with the longest URL that is sent.</summary>
    public const int MaxLength =
        AnnounceLength + TrackerLimits.MaxUdpUrlLength + (2 * (TrackerLimits.MaxUdpUrlLength / MaxOptionLength)) + 2;

    /// <summary>BEP 41: part of the tracker's URL.</summary>
    public const byte UrlDataOption = 2;

    /// <summary>BEP 41: an option's length is one byte.</summary>
    public const int MaxOptionLength = byte.MaxValue;

    // Ensures that the response fits in a datagram that we accept.
    private const int MaxPeersV4 = (Limits.MaxDatagramLength - UdpTrackerAnswer.AnnounceLength) / 6;
    private const int MaxPeersV6 = (Limits.MaxDatagramLength - UdpTrackerAnswer.AnnounceLength) / 18;

    public static int WriteConnect(Span<byte> buffer, uint transaction) =>
        WriteHeader(buffer, ProtocolId, UdpTrackerAction.Connect, transaction);

    /// <param name="buffer">The buffer to write to.</param>
    /// <param name="connection">The connection id.</param>
    /// <param name="transaction">The transaction id.</param>
    /// <param name="query">The announce.</param>
    /// <returns>The number of bytes written.</returns>
    public static int WriteAnnounce(Span<byte> buffer, ulong connection, uint transaction, UdpTrackerQuery query)
    {
        AnnounceRequest request = query.Announce ?? throw new ArgumentException("This is not an announce.", nameof(query));
        WriteHeader(buffer, connection, UdpTrackerAction.Announce, transaction);
        request.InfoHash.CopyTo(buffer[16..]);
        request.PeerId.CopyTo(buffer[36..]);
        BinaryPrimitives.WriteInt64BigEndian(buffer[56..], request.Downloaded);
        BinaryPrimitives.WriteInt64BigEndian(buffer[64..], request.Left);
        BinaryPrimitives.WriteInt64BigEndian(buffer[72..], request.Uploaded);
        BinaryPrimitives.WriteInt32BigEndian(buffer[80..], NumberOf(request.Event));
        BinaryPrimitives.WriteUInt32BigEndian(buffer[84..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[88..], request.Key);
        int wanted = request.Event == AnnounceEvent.Stopped ? 0 : request.NumWant;
        BinaryPrimitives.WriteInt32BigEndian(buffer[92..], Math.Min(wanted, query.IsV6 ? MaxPeersV6 : MaxPeersV4));
        BinaryPrimitives.WriteUInt16BigEndian(buffer[96..], (ushort)request.Port);
        return AnnounceLength + WriteUrlData(buffer[AnnounceLength..], query.UrlData);
    }

    public static int WriteScrape(Span<byte> buffer, ulong connection, uint transaction, IReadOnlyList<InfoHash> infoHashes)
    {
        int length = WriteHeader(buffer, connection, UdpTrackerAction.Scrape, transaction);
        foreach (InfoHash infoHash in infoHashes)
        {
            infoHash.CopyTo(buffer[length..]);
            length += InfoHash.Length;
        }

        return length;
    }

    private static int WriteHeader(Span<byte> buffer, ulong connection, UdpTrackerAction action, uint transaction)
    {
        BinaryPrimitives.WriteUInt64BigEndian(buffer, connection);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[8..], (uint)action);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[12..], transaction);
        return HeaderLength;
    }

    // In parts, since the length of a part is one byte. At the end of the datagram, options need no terminator.
    private static int WriteUrlData(Span<byte> buffer, string urlData)
    {
        int length = 0;
        for (int start = 0; start < urlData.Length; start += MaxOptionLength)
        {
            ReadOnlySpan<char> rest = urlData.AsSpan(start);
            int part = Encoding.ASCII.GetBytes(rest[..Math.Min(MaxOptionLength, rest.Length)], buffer[(length + 2)..]);
            buffer[length] = UrlDataOption;
            buffer[length + 1] = (byte)part;
            length += 2 + part;
        }

        return length;
    }

    // BEP 21 defines no number for paused.
    private static int NumberOf(AnnounceEvent announceEvent) => announceEvent switch
    {
        AnnounceEvent.Completed => 1,
        AnnounceEvent.Started => 2,
        AnnounceEvent.Stopped => 3,
        _ => 0,
    };
}

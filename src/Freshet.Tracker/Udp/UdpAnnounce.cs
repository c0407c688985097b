using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;

namespace Freshet.Tracker.Udp;

/// <summary>An announce over UDP (BEP 15) with its options (BEP 41); for the layout see <see cref="UdpTrackerRequest"/>.</summary>
internal readonly record struct UdpAnnounce()
{
    private const byte EndOption = 0;
    private const byte NoOption = 1;

    public InfoHash InfoHash { get; private init; }

    public PeerId PeerId { get; private init; }

    /// <summary>Bytes that are missing; null if the value is invalid.</summary>
    public long? Left { get; private init; }

    public AnnounceEvent Event { get; private init; }

    /// <summary>The address that the client wants to be announced with, or null. It must only be trusted from certain networks.</summary>
    public IPAddress? Address { get; private init; }

    /// <summary>The number of peers wanted; null leaves it to the tracker.</summary>
    public int? NumWant { get; private init; }

    public ushort Port { get; private init; }

    /// <summary>Path and query of the client's URL; empty if it does not say.</summary>
    public string UrlData { get; private init; } = "";

    /// <summary>Parses a datagram whose connection id and action have been checked.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> datagram, out UdpAnnounce announce, [NotNullWhen(false)] out string? error)
    {
        announce = default;
        error = null;
        if (datagram.Length < UdpTrackerRequest.AnnounceLength)
            error = "the announce is cut off";
        else if (TryReadOptions(datagram[UdpTrackerRequest.AnnounceLength..], out string urlData, out error))
            announce = Read(datagram) with { UrlData = urlData };
        return error is null;
    }

    private static UdpAnnounce Read(ReadOnlySpan<byte> datagram)
    {
        long left = BinaryPrimitives.ReadInt64BigEndian(datagram[64..]);
        ReadOnlySpan<byte> address = datagram.Slice(84, 4);
        int wanted = BinaryPrimitives.ReadInt32BigEndian(datagram[92..]);
        return new UdpAnnounce
        {
            InfoHash = new InfoHash(datagram[16..]),
            PeerId = new PeerId(datagram[36..]),
            Left = left >= 0 ? left : null,
            Event = BinaryPrimitives.ReadInt32BigEndian(datagram[80..]) switch
            {
                1 => AnnounceEvent.Completed,
                2 => AnnounceEvent.Started,
                3 => AnnounceEvent.Stopped,
                _ => AnnounceEvent.None,
            },
            Address = address.IndexOfAnyExcept((byte)0) < 0 ? null : new IPAddress(address),
            NumWant = wanted >= 0 ? wanted : null,
            Port = BinaryPrimitives.ReadUInt16BigEndian(datagram[96..]),
        };
    }

    // Unknown options are skipped by their length.
    private static bool TryReadOptions(ReadOnlySpan<byte> options, out string urlData, [NotNullWhen(false)] out string? error)
    {
        urlData = "";
        error = null;
        Span<byte> url = stackalloc byte[TrackerLimits.MaxUdpUrlLength];
        int length = 0;
        while (!options.IsEmpty && options[0] != EndOption)
        {
            if (options[0] == NoOption)
            {
                options = options[1..];
                continue;
            }

            if (options.Length < 2 || options.Length < 2 + options[1])
                error = "the options are cut off";
            else if (options[0] == UdpTrackerRequest.UrlDataOption && !options.Slice(2, options[1]).TryCopyTo(url[length..]))
                error = "the URL is too long";
            if (error is not null)
                return false;
            length += options[0] == UdpTrackerRequest.UrlDataOption ? options[1] : 0;
            options = options[(2 + options[1])..];
        }

        urlData = Encoding.Latin1.GetString(url[..length]);
        return true;
    }
}

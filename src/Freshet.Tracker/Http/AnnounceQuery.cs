using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;

namespace Freshet.Tracker.Http;

/// <summary>The query of an announce over HTTP (BEP 3, 7, 21, 23).</summary>
internal sealed record AnnounceQuery
{
    // The maximum length of a value: an IPv6 address as text, or a number.
    private const int MaxValueLength = 64;

    public InfoHash InfoHash { get; private init; }

    public PeerId PeerId { get; private init; }

    public int Port { get; private init; }

    public long? Left { get; private init; }

    public int? NumWant { get; private init; }

    public AnnounceEvent Event { get; private init; }

    /// <summary>Whether peers may be compact; they are unless the client says <c>compact=0</c> (BEP 23).</summary>
    public bool IsCompact { get; private init; } = true;

    /// <summary>Whether peer ids may be left out of answers that are not compact.</summary>
    public bool NoPeerId { get; private init; }

    /// <summary>The address that the client wants to be announced with, or null. It must only be trusted from certain networks.</summary>
    public IPAddress? Address { get; private init; }

    /// <summary>Parses a raw query string. <paramref name="error"/> names what is missing or malformed.</summary>
    public static bool TryParse(
        ReadOnlySpan<char> query, [NotNullWhen(true)] out AnnounceQuery? announce, [NotNullWhen(false)] out string? error)
    {
        announce = null;
        bool hasInfoHash = false;
        bool hasPeerId = false;
        bool hasPort = false;
        AnnounceQuery read = new();
        QueryParameters parameters = new(query);
        Span<byte> buffer = stackalloc byte[MaxValueLength];
        while (parameters.MoveNext())
        {
            bool decoded = parameters.TryDecode(buffer, out int length);
            ReadOnlySpan<byte> value = buffer[..(decoded ? length : 0)];
            switch (parameters.Name)
            {
                case "info_hash":
                    if (value.Length != InfoHash.Length)
                        return Malformed("info_hash is not 20 bytes", out error);
                    read = read with { InfoHash = new InfoHash(value) };
                    hasInfoHash = true;
                    break;
                case "peer_id":
                    if (value.Length != PeerId.Length)
                        return Malformed("peer_id is not 20 bytes", out error);
                    read = read with { PeerId = new PeerId(value) };
                    hasPeerId = true;
                    break;
                case "port":
                    if (!ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
                        return Malformed("port is not a number from 1 to 65535", out error);
                    read = read with { Port = port };
                    hasPort = true;
                    break;
                default:
                    read = read.WithOptional(parameters.Name, value);
                    break;
            }
        }

        error = !hasInfoHash ? "info_hash is missing" : !hasPeerId ? "peer_id is missing" : !hasPort ? "port is missing" : null;
        announce = error is null ? read : null;
        return error is null;
    }

    private static bool Malformed(string what, out string error)
    {
        error = what;
        return false;
    }

    // Clients differ in what they send here, and invalid values are harmless: they count as absent.
    private AnnounceQuery WithOptional(ReadOnlySpan<char> name, ReadOnlySpan<byte> value) => name switch
    {
        "left" => this with { Left = Number(value) },
        "numwant" => this with { NumWant = Number(value) is { } wanted ? (int)Math.Min(wanted, int.MaxValue) : null },
        "event" => this with { Event = EventFrom(value) },
        "compact" => this with { IsCompact = !value.SequenceEqual("0"u8) },
        "no_peer_id" => this with { NoPeerId = value.SequenceEqual("1"u8) },
        "ip" => this with { Address = IPAddress.TryParse(Encoding.Latin1.GetString(value), out IPAddress? address) ? address : null },
        _ => this,
    };

    private static long? Number(ReadOnlySpan<byte> value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static AnnounceEvent EventFrom(ReadOnlySpan<byte> value) =>
        value.SequenceEqual("started"u8) ? AnnounceEvent.Started
        : value.SequenceEqual("completed"u8) ? AnnounceEvent.Completed
        : value.SequenceEqual("stopped"u8) ? AnnounceEvent.Stopped
        : value.SequenceEqual("paused"u8) ? AnnounceEvent.Paused
        : AnnounceEvent.None;
}

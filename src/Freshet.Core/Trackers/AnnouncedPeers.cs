using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using Freshet.Core.Bencoding;
using Freshet.Core.Peers;
using Freshet.Core.Wire;

namespace Freshet.Core.Trackers;

/// <summary>Collects the peers of a response, in any of its forms. Peers that cannot be dialled are counted and left out.</summary>
internal sealed class AnnouncedPeers
{
    private const int CompactV4Length = 6;
    private const int CompactV6Length = 18;

    // The longest textual address: IPv6 with an embedded IPv4 address.
    private const int MaxAddressLength = 45;

    private readonly List<AnnouncedPeer> _peers = [];

    public IReadOnlyList<AnnouncedPeer> Peers => _peers;

    public int Skipped { get; private set; }

    /// <summary>
    /// Adds the <c>peers</c> field: compact (BEP 23), or a list of dictionaries (BEP 3). Trackers written in languages that use maps as
    /// arrays send a dictionary with numeric keys instead, especially for the empty list.
    /// </summary>
    public bool TryAdd(BencodeValue peers, [NotNullWhen(false)] out string? error)
    {
        switch (peers.Kind)
        {
            case BencodeKind.String:
                return TryUnpack(peers.String, CompactV4Length, "peers", out error);
            case BencodeKind.List:
                foreach (BencodeValue peer in peers.Items)
                    AddNamed(peer);
                break;
            case BencodeKind.Dictionary:
                foreach (BencodeEntry peer in peers.Entries)
                    AddNamed(peer.Value);
                break;
            case BencodeKind.Integer:
                error = "peers is neither a string nor a list";
                return false;
        }

        error = null;
        return true;
    }

    /// <summary>Adds the <c>peers6</c> field (BEP 7): compact. A list is read as in <c>peers</c>; anything else counts as absent.</summary>
    public bool TryAddV6(BencodeValue peers, [NotNullWhen(false)] out string? error)
    {
        foreach (BencodeValue peer in peers.Items)
            AddNamed(peer);
        return TryUnpack(peers.String, CompactV6Length, "peers6", out error);
    }

    /// <summary>Adds compact peers of one family, as UDP trackers send them (BEP 15).</summary>
    public bool TryAddPacked(ReadOnlySpan<byte> peers, bool isV6, [NotNullWhen(false)] out string? error) =>
        TryUnpack(peers, isV6 ? CompactV6Length : CompactV4Length, "the list of peers", out error);

    private bool TryUnpack(ReadOnlySpan<byte> packed, int length, string field, [NotNullWhen(false)] out string? error)
    {
        error = packed.Length % length == 0 ? null : $"{field} is {packed.Length} bytes, which is not a multiple of {length}";
        if (error is not null)
            return false;
        for (; !packed.IsEmpty; packed = packed[length..])
            Add(packed[..(length - 2)], BinaryPrimitives.ReadUInt16BigEndian(packed[(length - 2)..]), null);
        return true;
    }

    private void AddNamed(BencodeValue peer)
    {
        Span<byte> bytes = stackalloc byte[16];
        ReadOnlySpan<byte> id = peer["peer id"u8].String;
        if (!TryParseAddress(peer["ip"u8].String, out IPAddress? address)
            || !address.TryWriteBytes(bytes, out int length)
            || HttpTrackerAnswer.ReadNumber(peer["port"u8]) is not (>= 0 and <= ushort.MaxValue and var port))
        {
            Skipped++;
            return;
        }

        Add(bytes[..length], (int)port, id.Length == PeerId.Length ? new PeerId(id) : null);
    }

    // Host names are not resolved: one response could cause thousands of lookups. The framework's parser would accept "10.1" as an address.
    private static bool TryParseAddress(ReadOnlySpan<byte> text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        bool looksLikeOne = text.Length is > 1 and <= MaxAddressLength && (text.Contains((byte)':') || text.Count((byte)'.') == 3);
        return looksLikeOne && IPAddress.TryParse(Encoding.Latin1.GetString(text), out address);
    }

    private void Add(ReadOnlySpan<byte> address, int port, PeerId? id)
    {
        if (!AddressScopes.CanBeDialled(address, port) || _peers.Count == TrackerLimits.MaxPeersPerAnnounce)
        {
            Skipped++;
            return;
        }

        IPAddress parsed = new(address);
        if (parsed.IsIPv4MappedToIPv6)
            parsed = parsed.MapToIPv4();
        _peers.Add(new AnnouncedPeer(new IPEndPoint(parsed, port), id));
    }
}

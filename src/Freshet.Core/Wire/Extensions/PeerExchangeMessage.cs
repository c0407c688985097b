using System.Buffers.Binary;
using System.Net;
using Freshet.Core.Bencoding;

namespace Freshet.Core.Wire.Extensions;

/// <summary>
/// A message of <c>ut_pex</c> (BEP 11): the peers to which the sender has connected since its last message, and those it has lost.
/// </summary>
/// <remarks>
/// <code>
/// {"added": IPv4 addresses, 6 bytes each, "added.f": flags, a byte each, "added6": IPv6 addresses, 18 bytes each, "added6.f": flags,
///  "dropped": IPv4 addresses, "dropped6": IPv6 addresses}
/// </code>
/// </remarks>
internal static class PeerExchangeMessage
{
    /// <summary>The longest message in bytes that is parsed. Some clients start by sending all their peers.</summary>
    public const int MaxLength = 32 * 1024;

    private const int V4Length = 6;
    private const int V6Length = 18;
    private const int MaxTokens = 64;

    /// <summary>
    /// Parses the added peers, at most <see cref="WireLimits.MaxExchangedPeers"/>. Dropped peers are ignored: a peer that left one peer may
    /// still be reachable for others. False if the message is invalid.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out IReadOnlyList<ExchangedPeer> added)
    {
        List<ExchangedPeer> peers = [];
        added = peers;
        BencodeReader reader = new(payload, new BencodeOptions { IsTolerant = true, AllowTrailingBytes = true, MaxTokens = MaxTokens });
        if (!reader.Read() || reader.Token != BencodeToken.Dictionary)
            return false;
        ReadOnlySpan<byte> v4 = default, v4Flags = default, v6 = default, v6Flags = default;
        while (reader.Read() && reader.IsKey)
        {
            ReadOnlySpan<byte> key = reader.String;
            if (!reader.Read())
                return false;
            if (reader.Token == BencodeToken.String && key.SequenceEqual("added"u8))
                v4 = reader.String;
            else if (reader.Token == BencodeToken.String && key.SequenceEqual("added.f"u8))
                v4Flags = reader.String;
            else if (reader.Token == BencodeToken.String && key.SequenceEqual("added6"u8))
                v6 = reader.String;
            else if (reader.Token == BencodeToken.String && key.SequenceEqual("added6.f"u8))
                v6Flags = reader.String;
            if (!reader.Skip())
                return false;
        }

        if (reader.Error.Kind != BencodeErrorKind.None || v4.Length % V4Length != 0 || v6.Length % V6Length != 0)
            return false;
        Unpack(v4, v4Flags, V4Length, peers);
        Unpack(v6, v6Flags, V6Length, peers);
        return true;
    }

    /// <summary>Writes a message with sorted keys, all of them present, as other clients do.</summary>
    public static byte[] Write(IReadOnlyList<ExchangedPeer> added, IReadOnlyList<IPEndPoint> dropped) => BencodeWriter.Write(writer =>
    {
        ExchangedPeer[] added4 = [.. added.Where(static peer => IsV4(peer.EndPoint))];
        ExchangedPeer[] added6 = [.. added.Where(static peer => !IsV4(peer.EndPoint))];
        writer.WriteDictionaryStart();
        writer.Write("added"u8, Pack(added4.Select(static peer => peer.EndPoint)));
        writer.Write("added.f"u8, FlagsOf(added4));
        writer.Write("added6"u8, Pack(added6.Select(static peer => peer.EndPoint)));
        writer.Write("added6.f"u8, FlagsOf(added6));
        writer.Write("dropped"u8, Pack(dropped.Where(IsV4)));
        writer.Write("dropped6"u8, Pack(dropped.Where(static peer => !IsV4(peer))));
        writer.WriteEnd();
    });

    private static void Unpack(ReadOnlySpan<byte> packed, ReadOnlySpan<byte> flags, int length, List<ExchangedPeer> into)
    {
        for (int i = 0; i * length < packed.Length && into.Count < WireLimits.MaxExchangedPeers; i++)
        {
            ReadOnlySpan<byte> one = packed.Slice(i * length, length);
            IPAddress address = new(one[..^2]);
            if (address.IsIPv4MappedToIPv6)
                address = address.MapToIPv4();
            var told = i < flags.Length ? (PeerExchangeFlags)flags[i] : PeerExchangeFlags.None;
            into.Add(new ExchangedPeer(new IPEndPoint(address, BinaryPrimitives.ReadUInt16BigEndian(one[^2..])), told));
        }
    }

    private static byte[] FlagsOf(ExchangedPeer[] peers) => [.. peers.Select(static peer => (byte)peer.Flags)];

    private static byte[] Pack(IEnumerable<IPEndPoint> peers)
    {
        List<byte> packed = [];
        foreach (IPEndPoint peer in peers)
        {
            packed.AddRange((IsV4(peer) ? peer.Address.MapToIPv4() : peer.Address).GetAddressBytes());
            packed.Add((byte)(peer.Port >> 8));
            packed.Add((byte)peer.Port);
        }

        return [.. packed];
    }

    private static bool IsV4(IPEndPoint peer) => peer.Address.MapToIPv6().IsIPv4MappedToIPv6;
}

using System.Buffers;
using System.Globalization;

namespace Freshet.Core.Wire;

/// <summary>The client identified by a peer id (BEP 20). This is only the peer's claim.</summary>
/// <param name="Name">The client's name; for an unknown client, the printable part of the id.</param>
/// <param name="Version">The client's version; empty if the id does not contain it.</param>
public readonly record struct PeerIdClient(string Name, string Version)
{
    private static readonly SearchValues<byte> ShadowVersion =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-"u8);

    private static readonly SearchValues<byte> DottedNumber = SearchValues.Create("0123456789."u8);

    /// <summary>Identifies the client of a peer id. The result is printable whatever the bytes.</summary>
    public static PeerIdClient Identify(PeerId id)
    {
        Span<byte> bytes = stackalloc byte[PeerId.Length];
        id.CopyTo(bytes);
        return TryIdentifyOddity(bytes, out PeerIdClient client)
            || TryIdentifyAzureus(bytes, out client)
            || TryIdentifyDashed(bytes, out client)
            || TryIdentifyShadow(bytes, out client)
            ? client
            : new PeerIdClient(Printable(bytes), "");
    }

    /// <summary>Name and version in the usual form: <c>qBittorrent 4.6.2</c>.</summary>
    public override string ToString() => Version.Length == 0 ? Name : Name + " " + Version;

    /// <summary><c>-AZ2060-</c>: a dash, two characters for the client, four for the version, and usually a dash.</summary>
    private static bool TryIdentifyAzureus(ReadOnlySpan<byte> id, out PeerIdClient client)
    {
        client = default;
        if (id[0] != '-' || !char.IsAsciiLetterOrDigit((char)id[1]) || !IsPrintable(id[2]) || !char.IsAsciiLetterOrDigit((char)id[3]))
            return false;
        string code = Text(id[1..3]);
        string? name = PeerIdClientNames.FindAzureus(code);

        // Some clients end the version with something other than a dash; this is accepted only for known clients.
        if (name is null && id[7] != '-')
            return false;
        client = new PeerIdClient(name ?? code, PeerIdVersions.OfAzureus(code, id[3..7]));
        return true;
    }

    /// <summary><c>M4-3-6--</c>, <c>M4-20-8-</c>: one or two letters, then numbers separated by dashes.</summary>
    private static bool TryIdentifyDashed(ReadOnlySpan<byte> id, out PeerIdClient client)
    {
        client = default;
        string? name = null;
        int at = 0;
        if (id.StartsWith("A2-"u8))
            (name, at) = ("aria2", 3);
        else if (id[0] is (byte)'M' or (byte)'Q')
            (name, at) = (id[0] == 'M' ? "BitTorrent" : "Queen Bee", 1);
        if (name is null)
            return false;

        string version = "";
        for (int i = 0; i < 3; i++)
        {
            int digits = 0;
            while (digits < 3 && char.IsAsciiDigit((char)id[at + digits]))
                digits++;
            if (digits == 0 || id[at + digits] != '-')
                return false;
            version += (i == 0 ? "" : ".") + Text(id.Slice(at, digits));
            at += digits + 1;
        }

        client = new PeerIdClient(name, version);
        return true;
    }

    /// <summary><c>T03I-----</c>: a letter, up to five characters of version, padded with dashes, and three more dashes.</summary>
    private static bool TryIdentifyShadow(ReadOnlySpan<byte> id, out PeerIdClient client)
    {
        client = default;
        string? name = PeerIdClientNames.FindShadow((char)id[0]);
        if (name is null || !id[6..9].SequenceEqual("---"u8) || id[1..6].ContainsAnyExcept(ShadowVersion))
            return false;
        string version = "";
        foreach (byte digit in id[1..6].TrimEnd((byte)'-'))
            version += (version.Length == 0 ? "" : ".") + PeerIdVersions.Digit(digit);
        client = new PeerIdClient(name, version);
        return true;
    }

    /// <summary>Clients with a style of their own.</summary>
    private static bool TryIdentifyOddity(ReadOnlySpan<byte> id, out PeerIdClient client)
    {
        client = default;
        if (id.StartsWith("exbc"u8) || id.StartsWith("FUTB"u8))
            client = new PeerIdClient(id[6..].StartsWith("LORD"u8) ? "BitLord" : "BitComet", $"{id[4]}.{id[5]:00}");
        else if (id.StartsWith("XBT"u8) && AreDigits(id[3..6]))
            client = new PeerIdClient("XBT Client", PeerIdVersions.Dotted(id[3..6]) + (id[6] == 'd' ? " (debug)" : ""));
        else if (id.StartsWith("OP"u8) && AreDigits(id[2..6]))
            client = new PeerIdClient("Opera", Text(id[2..6]));
        else if (id.StartsWith("-ML"u8) && IsDottedNumber(UpToDash(id[3..])))
            client = new PeerIdClient("MLDonkey", Text(UpToDash(id[3..])));
        else if (id.StartsWith("-RN"u8) && IsDottedNumber(UpToDash(id[3..])))
            client = new PeerIdClient("Rain", Text(UpToDash(id[3..])));
        else if (id.StartsWith("-BOW"u8) && id[7] == '-')
            client = new PeerIdClient("Bits on Wheels", IsAlphanumeric(id[4..7]) ? Text(id[4..7]) : "");
        else if (id.StartsWith("AZ2500BT"u8))
            client = new PeerIdClient("BitTyrant", "1.1");
        else if (id.StartsWith("346------"u8))
            client = new PeerIdClient("TorrenTopia", "1.90");
        else if (id[0] == 0 && id[2..4].SequenceEqual("BS"u8))
            client = new PeerIdClient("BitSpirit", id[1].ToString(CultureInfo.InvariantCulture));
        else if (id[2..4].SequenceEqual("RS"u8) && AreDigits(id[..2]))
            client = new PeerIdClient("Rufus", PeerIdVersions.Dotted(id[..2]));
        else if (id.StartsWith("TIX"u8) && AreDigits(id[3..7]))
            client = new PeerIdClient("Tixati", $"{PeerIdVersions.Number(id[3..5])}.{PeerIdVersions.Number(id[5..7])}");
        else if (PeerIdClientNames.FindPrefix(id) is { } name)
            client = new PeerIdClient(name, "");
        return client.Name is not null;
    }

    private static ReadOnlySpan<byte> UpToDash(ReadOnlySpan<byte> bytes)
    {
        int dash = bytes.IndexOf((byte)'-');
        return dash < 0 ? [] : bytes[..dash];
    }

    private static bool IsDottedNumber(ReadOnlySpan<byte> bytes) => bytes.Contains((byte)'.') && !bytes.ContainsAnyExcept(DottedNumber);

    private static bool AreDigits(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static bool IsAlphanumeric(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (!char.IsAsciiLetterOrDigit((char)value))
                return false;
        }

        return true;
    }

    private static bool IsPrintable(byte value) => value is > (byte)' ' and < 0x7F;

    private static string Text(ReadOnlySpan<byte> ascii) => System.Text.Encoding.ASCII.GetString(ascii);

    private static string Printable(ReadOnlySpan<byte> id)
    {
        Span<char> characters = stackalloc char[PeerId.Length];
        for (int i = 0; i < id.Length; i++)
            characters[i] = IsPrintable(id[i]) ? (char)id[i] : '.';
        return new string(characters);
    }
}

using System.Buffers.Binary;
using System.Net;

namespace Freshet.Core.Names;

/// <summary>
/// Reads what a name server answers to a <see cref="DnsQuery"/>. The server has followed aliases (CNAME records) for us, so every address
/// among the answers is one of the host.
/// </summary>
internal static class DnsAnswer
{
    private const ushort IsResponse = 0x8000;
    private const ushort IsTruncated = 0x0200;
    private const int CodeMask = 0x000F;
    private const int NameError = 3;
    private const int RecordLength = 10;
    private const byte Pointer = 0xC0;

    /// <summary>Reads a message.</summary>
    /// <param name="message">The message, without the length that precedes it over TCP.</param>
    /// <param name="query">The query.</param>
    /// <param name="addresses">Receives the addresses, at most <see cref="DnsLimits.MaxAddresses"/>.</param>
    public static DnsOutcome Read(ReadOnlySpan<byte> message, DnsQuery query, List<IPAddress> addresses)
    {
        // Whoever guesses the id must have been asked the same, too.
        Span<byte> asked = stackalloc byte[DnsLimits.MaxDatagram];
        if (!query.TryWrite(asked, out int length) || message.Length < length || !IsFor(asked[..length], message))
            return DnsOutcome.NotTheAnswer;
        int flags = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        if ((flags & CodeMask) == NameError)
            return DnsOutcome.NoSuchName;
        if ((flags & CodeMask) != 0)
            return DnsOutcome.Failed;
        if ((flags & IsTruncated) != 0)
            return DnsOutcome.Truncated;
        int records = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        int known = addresses.Count;
        if (TryReadRecords(message[length..], records, query, addresses))
            return DnsOutcome.Found;
        addresses.RemoveRange(known, addresses.Count - known);
        return DnsOutcome.Failed;
    }

    private static bool IsFor(ReadOnlySpan<byte> asked, ReadOnlySpan<byte> message)
    {
        bool isAnswer = (BinaryPrimitives.ReadUInt16BigEndian(message[2..]) & IsResponse) != 0;
        if (!isAnswer || !message[..2].SequenceEqual(asked[..2]) || !message.Slice(4, 2).SequenceEqual(asked.Slice(4, 2)))
            return false;

        // The case of letters means nothing.
        for (int i = DnsQuery.HeaderLength; i < asked.Length; i++)
        {
            if (ToLower(asked[i]) != ToLower(message[i]))
                return false;
        }

        return true;
    }

    private static byte ToLower(byte letter) => letter is >= (byte)'A' and <= (byte)'Z' ? (byte)(letter | 0x20) : letter;

    // A record is the name that it is about, type, class, time to live, length, data (RFC 1035, 4.1.3).
    private static bool TryReadRecords(ReadOnlySpan<byte> rest, int records, DnsQuery query, List<IPAddress> addresses)
    {
        int addressLength = query.IsV6 ? 16 : 4;
        for (; records > 0; records--)
        {
            if (!TrySkipName(ref rest) || rest.Length < RecordLength)
                return false;
            int type = BinaryPrimitives.ReadUInt16BigEndian(rest);
            int recordClass = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[8..]);
            if (rest.Length - RecordLength < length)
                return false;
            ReadOnlySpan<byte> data = rest.Slice(RecordLength, length);
            if (type == query.RecordType && recordClass == DnsQuery.Internet && length == addressLength
                && addresses.Count < DnsLimits.MaxAddresses)
            {
                addresses.Add(new IPAddress(data));
            }

            rest = rest[(RecordLength + length)..];
        }

        return true;
    }

    // A name ends with an empty label, or with a pointer to the rest of it elsewhere, which is not followed.
    private static bool TrySkipName(ref ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            int length = rest[0];
            int taken = length >= Pointer ? 2 : 1 + length;
            if (rest.Length < taken || length is > DnsLimits.MaxLabel and < Pointer)
                return false;
            rest = rest[taken..];
            if (length is 0 or >= Pointer)
                return true;
        }

        return false;
    }
}

using System.Buffers.Binary;

namespace Freshet.Core.Names;

/// <summary>A question about a host (RFC 1035), for a name server that looks the answer up for us.</summary>
/// <param name="Id">An unpredictable number, which the answer repeats.</param>
/// <param name="Host">The name, of ASCII characters.</param>
/// <param name="Record">What is asked for.</param>
internal readonly record struct DnsQuery(ushort Id, string Host, DnsRecord Record)
{
    internal const int HeaderLength = 12;
    internal const ushort Internet = 1;

    private const ushort RecursionDesired = 0x0100;

    /// <summary>
    /// Writes the message: a header with one question, which has the name as labels with their lengths, then its type and class.
    /// </summary>
    /// <param name="message">The destination; <see cref="DnsLimits.MaxDatagram"/> bytes are enough.</param>
    /// <param name="length">The length of the message.</param>
    /// <returns>False if the name cannot be asked for: it is empty or too long, or a label is.</returns>
    public bool TryWrite(Span<byte> message, out int length)
    {
        length = 0;
        ReadOnlySpan<char> host = Host.EndsWith('.') ? Host.AsSpan()[..^1] : Host;
        if (host.IsEmpty || host.Length + 2 > DnsLimits.MaxName)
            return false;
        message[..HeaderLength].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(message, Id);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], RecursionDesired);
        BinaryPrimitives.WriteUInt16BigEndian(message[4..], 1);
        int at = HeaderLength;
        foreach (Range range in host.Split('.'))
        {
            ReadOnlySpan<char> label = host[range];
            if (label.IsEmpty || label.Length > DnsLimits.MaxLabel)
                return false;
            message[at++] = (byte)label.Length;
            foreach (char character in label)
            {
                if (character is <= ' ' or >= (char)0x7F)
                    return false;
                message[at++] = (byte)character;
            }
        }

        message[at++] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(message[at..], (ushort)Record);
        BinaryPrimitives.WriteUInt16BigEndian(message[(at + 2)..], Internet);
        length = at + 4;
        return true;
    }
}

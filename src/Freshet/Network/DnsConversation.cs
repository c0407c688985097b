using System.Buffers.Binary;
using System.Net.Sockets;
using Freshet.Core.Names;

namespace Freshet.Network;

/// <summary>Puts a question to a name server over a connected socket, and waits for the answer.</summary>
internal static class DnsConversation
{
    /// <summary>Asks over UDP or TCP, as the socket is.</summary>
    /// <exception cref="SocketException">There is no answer, or nothing can be a name like that (<c>HostNotFound</c>).</exception>
    public static DnsOutcome Ask(Socket socket, DnsQuery query, List<byte[]> records)
    {
        Span<byte> message = stackalloc byte[DnsLimits.MaxDatagram];
        if (!query.TryWrite(message, out int length))
            throw new SocketException((int)SocketError.HostNotFound);
        return socket.SocketType == SocketType.Dgram
            ? AskByDatagram(socket, message[..length], query, records)
            : AskByStream(socket, message[..length], query, records);
    }

    private static DnsOutcome AskByDatagram(Socket socket, ReadOnlySpan<byte> message, DnsQuery query, List<byte[]> records)
    {
        socket.Send(message);
        Span<byte> answer = stackalloc byte[DnsLimits.MaxDatagram];
        DnsOutcome outcome;
        do
        {
            // What is too long for the buffer is an error, and no server sends it unasked.
            int received = socket.Receive(answer);
            outcome = DnsAnswer.Read(answer[..received], query, records);
        }
        while (outcome == DnsOutcome.NotTheAnswer);
        return outcome;
    }

    // Over TCP each message comes after its length (RFC 1035, 4.2.2).
    private static DnsOutcome AskByStream(Socket socket, ReadOnlySpan<byte> message, DnsQuery query, List<byte[]> records)
    {
        byte[] framed = [(byte)(message.Length >> 8), (byte)message.Length, .. message];
        socket.Send(framed);
        byte[] prefix = new byte[2];
        Fill(socket, prefix);
        int length = BinaryPrimitives.ReadUInt16BigEndian(prefix);
        if (length > DnsLimits.MaxMessage)
            return DnsOutcome.Failed;
        byte[] answer = new byte[length];
        Fill(socket, answer);
        return DnsAnswer.Read(answer, query, records);
    }

    private static void Fill(Socket socket, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int received = socket.Receive(buffer);
            if (received == 0)
                throw new SocketException((int)SocketError.ConnectionReset);
            buffer = buffer[received..];
        }
    }
}

using System.Net;
using Freshet.Core.Wire.Proxies;

namespace Freshet.Fuzz.Targets;

/// <summary>
/// What proxies answer. The first byte says whether the answer is to SOCKS5 or to CONNECT, and with a user or without; or that the rest is
/// a datagram that a proxy relays.
/// </summary>
internal sealed class ProxyAnswerTarget : IFuzzTarget
{
    private const byte Relayed = 4;

    public string Name => "proxy-answer";

    public bool IsBencoded => false;

    public IReadOnlyList<byte[]> Words =>
        [[5, 0], [5, 2], [1, 0], [5, 0, 0, 1], [5, 0, 0, 3], [5, 0, 0, 4], [.. "HTTP/1.1 200"u8], [.. "\r\n\r\n"u8]];

    public IEnumerable<byte[]> Seeds =>
    [
        [0, 5, 0, 5, 0, 0, 1, 10, 0, 0, 1, 4, 56, .. "hello"u8],
        [1, 5, 2, 1, 0, 5, 0, 0, 3, 3, 97, 98, 99, 4, 56],
        [1, 5, 2, 1, 0, 5, 5, 0, 1, 0],
        [2, .. "HTTP/1.1 200 OK\r\nA: b\r\n\r\nhello"u8],
        [3, .. "HTTP/1.0 407 No\r\n\r\n"u8],
        [Relayed, 0, 0, 0, 1, 10, 0, 0, 1, 4, 56, .. "hello"u8],
        [Relayed, 0, 0, 0, 4, .. new byte[15], 1, 4, 56],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return;
        if (input[0] == Relayed)
        {
            ReadRelayed(input[1..]);
            return;
        }

        (ProxyHandshake whole, int taken) = Talk(input[0], input[1..], int.MaxValue);
        (ProxyHandshake portions, int takenInPortions) = Talk(input[0], input[1..], 3);
        FuzzException.Require(
            (whole.Next, whole.Words, taken) == (portions.Next, portions.Words, takenInPortions),
            "the result must not depend on how the bytes are divided");
        FuzzException.Require(
            whole.Next != ProxyStep.Receive || taken == input.Length - 1, "it must take everything while it waits for more");
        FuzzException.Require(whole.Next == ProxyStep.Failed == whole.Words is not null, "it must say what is wrong");
        FuzzException.Require(taken <= ProxyLimits.MaxConnectAnswer + 1, "an answer must be bounded");
    }

    private static void ReadRelayed(ReadOnlySpan<byte> datagram)
    {
        if (!Socks5Datagram.TryRead(
            datagram, out bool isName, out ReadOnlySpan<byte> address, out ushort port, out ReadOnlySpan<byte> payload))
            return;
        FuzzException.Require(datagram.EndsWith(payload), "the payload must be the end of the datagram");
        if (isName)
        {
            FuzzException.Require(address.Length + payload.Length + 7 == datagram.Length, "a name must fill what is before the payload");
            return;
        }

        FuzzException.Require(address.Length is 4 or 16, "a sender must be an address or a name");
        byte[] header = new byte[Socks5Datagram.MaxHeader];
        int length = Socks5Datagram.WriteHeader(header, address, port);
        FuzzException.Require(length == datagram.Length - payload.Length, "a header must be as long as it is written");
        FuzzException.Require(datagram[2..].StartsWith(header.AsSpan(2, length - 2)), "a header must be written as it was read");
    }

    private static (ProxyHandshake Handshake, int Taken) Talk(byte kind, ReadOnlySpan<byte> bytes, int atOnce)
    {
        string? user = (kind & 1) == 0 ? null : "me";
        DnsEndPoint target = new("a.test", 80);
        ProxyHandshake handshake = (kind & 2) == 0
            ? Socks5Handshake.Connect(target, user, "x")
            : new HttpConnectHandshake(target, user, "x");
        int taken = 0;
        while (handshake.Next == ProxyStep.Send || (handshake.Next == ProxyStep.Receive && taken < bytes.Length))
        {
            if (handshake.Next == ProxyStep.Send)
                handshake.OnSent();
            else
                taken += handshake.OnReceived(bytes.Slice(taken, Math.Min(atOnce, bytes.Length - taken)));
        }

        return (handshake, taken);
    }
}

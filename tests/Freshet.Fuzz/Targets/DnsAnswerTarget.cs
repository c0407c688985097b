using System.Net;
using System.Net.Sockets;
using Freshet.Core.Names;

namespace Freshet.Fuzz.Targets;

/// <summary>What a name server, or somebody who claims to be one, answers to a question for the addresses of a host.</summary>
internal sealed class DnsAnswerTarget : IFuzzTarget
{
    private static readonly DnsQuery V4 = new(0x0123, "a.test", IsV6: false);
    private static readonly DnsQuery V6 = V4 with { IsV6 = true };

    public string Name => "dns-answer";

    public IReadOnlyList<byte[]> Words { get; } =
    [
        [0xC0, 12], [0, 1, 0, 1], [0, 28, 0, 1], [0, 5, 0, 1], [0x81, 0x80], [0x83, 0x80], [0, 4, 192, 0, 2, 7], [0xFF, 0xFF], [0x3F],
        [0x40],
    ];

    public IEnumerable<byte[]> Seeds =>
    [
        Answer(V4, [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7]),
        Answer(V4, [
            0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 4, 1, (byte)'b', 0xC0, 14,
            1, (byte)'b', 0xC0, 14, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 1, 2, 3, 4,
        ]),
        Answer(V6, [0xC0, 12, 0, 28, 0, 1, 0, 0, 0, 60, 0, 16, 32, 1, 13, 184, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        foreach (DnsQuery query in (ReadOnlySpan<DnsQuery>)[V4, V6])
        {
            List<IPAddress> addresses = [];
            DnsOutcome outcome = DnsAnswer.Read(input, query, addresses);
            AddressFamily family = query.IsV6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
            FuzzException.Require(addresses.Count <= DnsLimits.MaxAddresses, "addresses are limited");
            FuzzException.Require(
                addresses.TrueForAll(address => address.AddressFamily == family), "addresses are of the family asked for");
            FuzzException.Require(
                outcome is DnsOutcome.Found or DnsOutcome.Failed || addresses.Count == 0, "what is no answer has no addresses");
        }
    }

    private static byte[] Answer(DnsQuery query, byte[] records)
    {
        byte[] message = new byte[DnsLimits.MaxDatagram];
        query.TryWrite(message, out int length);
        (message[2], message[3], message[7]) = (0x81, 0x80, (byte)(records.Length > 30 ? 2 : 1));
        return [.. message[..length], .. records];
    }
}

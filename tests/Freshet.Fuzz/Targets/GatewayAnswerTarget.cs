using System.Net;
using Freshet.Core.PortMapping;

namespace Freshet.Fuzz.Targets;

/// <summary>What a router answers over PCP and NAT-PMP.</summary>
internal sealed class GatewayAnswerTarget : IFuzzTarget
{
    private static readonly byte[] Nonce = [.. "nonce nonce!"u8];

    public string Name => "gateway-answer";

    public IReadOnlyList<byte[]> Words { get; } =
        [Nonce, [2, 129, 0, 0], [0, 128, 0, 0], [0, 129, 0, 0], [0, 130, 0, 0], [0, 0, 0xFF, 0xFF, 198, 51, 100, 9]];

    public IEnumerable<byte[]> Seeds =>
    [
        PcpAnswer(MappedProtocol.Tcp), PcpAnswer(MappedProtocol.Udp),
        [0, 128, 0, 0, 0, 0, 0, 7, 198, 51, 100, 9],
        [0, 129, 0, 0, 0, 0, 0, 7, 0x1A, 0xE1, 0x1A, 0xE1, 0, 0, 0x1C, 0x20],
        [0, 130, 0, 2, 0, 0, 0, 7, 0x1A, 0xE1, 0, 0, 0, 0, 0, 0],
        [0, 128, 0, 1, 0, 0, 0, 7],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        bool isPcp = PcpMessage.TryRead(input, Nonce, out GatewayAnswer pcp);
        bool isNatPmp = NatPmpMessage.TryRead(input, out GatewayAnswer natPmp);
        FuzzException.Require(!(isPcp && isNatPmp), "an answer must belong to one protocol");
        FuzzException.Require(!isPcp || input.IndexOf(Nonce) == 24, "an answer by PCP has our nonce");
        Check(pcp);
        Check(natPmp);
        if (PcpMessage.IsOtherVersion(input))
            FuzzException.Require(input.Length >= 8, "a refusal must have a header");
    }

    private static void Check(GatewayAnswer answer)
    {
        FuzzException.Require(answer.Protocol is null or MappedProtocol.Tcp or MappedProtocol.Udp, "a protocol must be one that has ports");
        FuzzException.Require(answer.InternalPort is >= 0 and <= IPEndPoint.MaxPort, "our port must be in range");
        FuzzException.Require(answer.ExternalPort is >= 0 and <= IPEndPoint.MaxPort, "the router's port is one");
        FuzzException.Require(answer.ExternalAddress is not { IsIPv4MappedToIPv6: true }, "an address must be of its own family");
    }

    private static byte[] PcpAnswer(MappedProtocol protocol)
    {
        byte[] answer = PcpMessage.WriteMap(protocol, IPAddress.Parse("192.168.1.7"), Nonce, (6881, 6881), 7200);
        answer[1] = 129;
        answer.AsSpan(8, 16).Clear();
        return answer;
    }
}

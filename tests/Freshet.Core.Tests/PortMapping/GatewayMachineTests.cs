using System.Buffers.Binary;
using System.Net;
using Freshet.Core.PortMapping;
using Freshet.Core.Rates;

namespace Freshet.Core.Tests.PortMapping;

public class GatewayMachineTests
{
    private static readonly byte[] Nonce = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    private static readonly IPAddress External = IPAddress.Parse("198.51.100.9");

    private readonly Router _router = new();
    private readonly GatewayMachine _machine;
    private Timestamp _now = new(TimeSpan.TicksPerDay);

    public GatewayMachineTests() => _machine = New("192.168.1.7");

    [Fact]
    public void A_gateway_that_speaks_PCP_maps_and_is_asked_again_within_a_quarter_of_an_hour()
    {
        Map(MappedProtocol.Tcp);
        AnswerPcp(_router.Sent[^1], externalPort: 7000);
        Assert.Equal([(MappedProtocol.Tcp, 7000, External)], _router.Mapped);
        int sent = _router.Sent.Count;
        Run(TimeSpan.FromMinutes(9.9));
        Assert.Equal(sent, _router.Sent.Count);
        Run(TimeSpan.FromMinutes(2.7));
        byte[] renewal = _router.Sent[sent];
        Assert.Equal(7000, BinaryPrimitives.ReadUInt16BigEndian(renewal.AsSpan(42)));
        Assert.Equal("PCP", _machine.Way);
    }

    [Fact]
    public void A_gateway_that_only_speaks_NAT_PMP_is_asked_in_NAT_PMP_and_for_its_address()
    {
        Map(MappedProtocol.Tcp);
        _machine.OnDatagram(Convert.FromHexString("0081000100000042"), _now);
        Assert.Equal(NatPmpMessage.WriteMap(MappedProtocol.Tcp, 6881, 6881, 7200), _router.Sent[^1]);
        AnswerNatPmp(MappedProtocol.Tcp, externalPort: 6881);
        Assert.Equal(NatPmpMessage.WriteAddress(), _router.Sent[^1]);
        _machine.OnDatagram([0, 128, 0, 0, 0, 0, 0, 0, .. External.GetAddressBytes()], _now);
        Assert.Equal([(MappedProtocol.Tcp, 6881, null), (MappedProtocol.Tcp, 6881, External)], _router.Mapped);
        Assert.Equal("NAT-PMP", _machine.Way);
    }

    [Fact]
    public void A_silent_gateway_is_asked_by_both_protocols_and_then_left_alone_for_a_quarter_of_an_hour()
    {
        Map(MappedProtocol.Tcp);
        Run(TimeSpan.FromSeconds(30));
        Assert.Equal(("it does not answer", true), Assert.Single(_router.Failures));
        int pcp = _router.Sent.Count(message => message.Length == PcpMessage.MapLength);
        Assert.Equal((PortMappingLimits.MaxPcpTries, PortMappingLimits.MaxNatPmpTries), (pcp, _router.Sent.Count - pcp));
        Run(TimeSpan.FromMinutes(14));
        Assert.Equal(PortMappingLimits.MaxPcpTries + PortMappingLimits.MaxNatPmpTries, _router.Sent.Count);
        Run(TimeSpan.FromMinutes(2));
        Assert.Equal(PcpMessage.MapLength, _router.Sent[7].Length);
    }

    [Fact]
    public void A_gateway_that_refuses_datagrams_is_not_waited_for()
    {
        Map(MappedProtocol.Tcp);
        Map(MappedProtocol.Udp);
        _machine.OnRefused(_now);
        _machine.OnRefused(_now);
        Assert.Equal(("it speaks neither PCP nor NAT-PMP", true), Assert.Single(_router.Failures));
        Assert.Equal(TimeSpan.FromMinutes(15), _machine.NextDeadline - _now);
    }

    [Theory]
    [InlineData(2, "it is set up to map no ports")]
    [InlineData(8, "it has no room for another mapping")]
    [InlineData(12, "another router stands between it and this machine")]
    public void A_gateway_that_refuses_says_why(int result, string words)
    {
        Map(MappedProtocol.Tcp);
        AnswerPcp(_router.Sent[^1], externalPort: 0, result: (byte)result);
        Assert.Equal((words, false), Assert.Single(_router.Failures));
        Assert.Empty(_router.Mapped);
        Assert.Equal(TimeSpan.FromMinutes(15), _machine.NextDeadline - _now);
    }

    [Fact]
    public void Answers_that_nobody_asked_for_are_not_believed()
    {
        Map(MappedProtocol.Tcp);
        byte[] asked = _router.Sent[^1];
        byte[] other = [.. asked];
        other[36] = (byte)MappedProtocol.Udp;
        AnswerPcp(other, 7000);
        byte[] port = [.. asked];
        port[41]++;
        AnswerPcp(port, 7000);
        byte[] nonce = [.. asked];
        nonce[24]++;
        AnswerPcp(nonce, 7000);
        AnswerNatPmp(MappedProtocol.Tcp, 7000);
        Assert.Empty(_router.Mapped);
        AnswerPcp(asked, 7000);
        AnswerPcp(asked, 7001);
        Assert.Equal([(MappedProtocol.Tcp, 7000, External)], _router.Mapped);
    }

    [Fact]
    public void A_gateway_whose_clock_starts_anew_has_forgotten_the_other_mappings()
    {
        Map(MappedProtocol.Tcp);
        AnswerPcp(_router.Sent[^1], 7000, epoch: 100_000);
        Map(MappedProtocol.Udp);
        int sent = _router.Sent.Count;
        AnswerPcp(_router.Sent[^1], 7000, epoch: 3);
        _machine.OnDeadline(_now);
        Assert.Equal((byte)MappedProtocol.Tcp, Assert.Single(_router.Sent[sent..])[36]);
    }

    [Theory]
    [InlineData(1u, 15)]
    [InlineData(60u, 30)]
    [InlineData(1_200u, 600)]
    [InlineData(7_200u, 600)]
    [InlineData(uint.MaxValue, 600)]
    public void A_mapping_is_renewed_within_reasonable_limits_however_long_it_is_said_to_last(uint said, int renewal)
    {
        Map(MappedProtocol.Tcp);
        AnswerPcp(_router.Sent[^1], 7000, lifetime: said);
        Assert.InRange((_machine.NextDeadline - _now).TotalSeconds, renewal, renewal * 1.251);
    }

    [Fact]
    public void A_mapping_that_is_not_renewed_ends()
    {
        Map(MappedProtocol.Tcp);
        AnswerPcp(_router.Sent[^1], 7000);
        Run(TimeSpan.FromHours(2.1));
        Assert.Equal((MappedProtocol.Tcp, 0, null), _router.Mapped[^1]);
    }

    [Fact]
    public void Mappings_are_removed_at_the_end_and_removed_again_if_the_request_is_lost()
    {
        Assert.False(_machine.IsReleased);
        Map(MappedProtocol.Tcp);
        AnswerPcp(_router.Sent[^1], 7000);
        Assert.False(_machine.IsReleased);
        _machine.Release();
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32BigEndian(_router.Sent[^1].AsSpan(4)));
        _machine.Release();
        Assert.Equal(3, _router.Sent.Count);
        AnswerPcp(_router.Sent[0], 7000);
        Assert.False(_machine.IsReleased);
        AnswerPcp(_router.Sent[^1], 0, lifetime: 0);
        Assert.True(_machine.IsReleased);
        Assert.Equal(Timestamp.Never, _machine.NextDeadline);
    }

    [Fact]
    public void A_mapping_that_may_have_just_been_made_is_removed_at_the_end_too()
    {
        Map(MappedProtocol.Tcp);
        AnswerPcp(_router.Sent[^1], 7000);
        Map(MappedProtocol.Udp);
        byte[] asked = _router.Sent[^1];
        _machine.Release();
        byte[] removal = _router.Sent[^1];
        Assert.Equal(((byte)MappedProtocol.Udp, 0u), (removal[36], BinaryPrimitives.ReadUInt32BigEndian(removal.AsSpan(4))));
        AnswerPcp(_router.Sent[^2], 0, lifetime: 0);
        Assert.False(_machine.IsReleased);

        // If a port is mapped before the removal arrives, it is removed again unless the removal is confirmed.
        AnswerPcp(asked, 7001);
        Assert.False(_machine.IsReleased);
        AnswerPcp(removal, 0, lifetime: 0);
        Assert.True(_machine.IsReleased);
    }

    [Fact]
    public void The_end_does_not_wait_for_a_gateway_that_never_answered()
    {
        Map(MappedProtocol.Tcp);
        _machine.Release();
        Assert.Equal(2, _router.Sent.Count);
        Assert.True(_machine.IsReleased);
    }

    [Fact]
    public void A_new_address_of_the_router_is_known_from_the_next_renewal_and_the_old_one_is_not_repeated()
    {
        Map(MappedProtocol.Tcp);
        _machine.OnDatagram(Convert.FromHexString("0081000100000042"), _now);
        AnswerNatPmp(MappedProtocol.Tcp, externalPort: 6881);
        _machine.OnDatagram([0, 128, 0, 0, 0, 0, 0, 0, .. External.GetAddressBytes()], _now);
        _router.Mapped.Clear();
        Run(_machine.NextDeadline - _now);
        AnswerNatPmp(MappedProtocol.Tcp, externalPort: 6881);
        Assert.Equal(NatPmpMessage.WriteAddress(), _router.Sent[^1]);
        IPAddress later = IPAddress.Parse("198.51.100.77");
        _machine.OnDatagram([0, 128, 0, 0, 0, 0, 0, 0, .. later.GetAddressBytes()], _now);
        Assert.Equal([(MappedProtocol.Tcp, 6881, null), (MappedProtocol.Tcp, 6881, later)], _router.Mapped);
    }

    /// <summary>As after an update of its software, or where another gateway has its address.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_gateway_that_no_longer_speaks_PCP_is_asked_in_NAT_PMP_once_its_mappings_have_ended(bool says)
    {
        Map(MappedProtocol.Tcp);
        AnswerPcp(_router.Sent[^1], 7000);
        Run(TimeSpan.FromHours(2.1));
        Assert.Equal((MappedProtocol.Tcp, 0, null), _router.Mapped[^1]);
        for (int deadlines = 0; _machine.Way == "PCP"; deadlines++)
        {
            Assert.True(deadlines < 100, "it is not asked in NAT-PMP");
            int sent = _router.Sent.Count;
            Run(_machine.NextDeadline - _now);
            if (says && _router.Sent.Count > sent)
                _machine.OnDatagram(Convert.FromHexString("0081000100000042"), _now);
        }

        AnswerNatPmp(MappedProtocol.Tcp, externalPort: 6881);
        Assert.Equal((MappedProtocol.Tcp, 6881, null), _router.Mapped[^1]);
    }

    [Fact]
    public void Over_IPv6_only_PCP_is_spoken()
    {
        GatewayMachine machine = New("2001:db8::7");
        machine.Map(MappedProtocol.Tcp, 6881, _now);
        machine.OnDatagram(Convert.FromHexString("0081000100000042"), _now);
        Assert.False(Assert.Single(_router.Failures).IsSilent);
        Assert.All(_router.Sent, message => Assert.Equal(PcpMessage.MapLength, message.Length));
    }

    private GatewayMachine New(string client) =>
        new(_router, new GatewayMachineOptions { Client = IPAddress.Parse(client), Nonce = Nonce, Random = new Random(1) });

    private void Map(MappedProtocol protocol) => _machine.Map(protocol, 6881, _now);

    private void Run(TimeSpan time)
    {
        Timestamp end = _now + time;
        while (_machine.NextDeadline <= end)
        {
            _now = Timestamp.Max(_now, _machine.NextDeadline);
            _machine.OnDeadline(_now);
        }

        _now = end;
    }

    private void AnswerPcp(byte[] request, ushort externalPort, byte result = 0, uint epoch = 50, uint lifetime = 7_200)
    {
        byte[] answer = [.. request];
        answer[1] |= 128;
        answer[3] = result;
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(4), lifetime);
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(8), epoch);
        answer.AsSpan(12, 12).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(42), externalPort);
        External.MapToIPv6().TryWriteBytes(answer.AsSpan(44), out _);
        _machine.OnDatagram(answer, _now);
    }

    private void AnswerNatPmp(MappedProtocol protocol, ushort externalPort)
    {
        byte[] answer = new byte[16];
        answer[1] = protocol == MappedProtocol.Udp ? (byte)129 : (byte)130;
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(8), 6881);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(10), externalPort);
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(12), 7_200);
        _machine.OnDatagram(answer, _now);
    }

    private sealed class Router : IGatewayEffects
    {
        public List<byte[]> Sent { get; } = [];

        public List<(MappedProtocol, int, IPAddress?)> Mapped { get; } = [];

        public List<(string Reason, bool IsSilent)> Failures { get; } = [];

        public void Send(ReadOnlySpan<byte> datagram) => Sent.Add(datagram.ToArray());

        void IGatewayEffects.Mapped(MappedProtocol protocol, int externalPort, IPAddress? externalAddress) =>
            Mapped.Add((protocol, externalPort, externalAddress));

        public void Failed(string reason, bool isSilent) => Failures.Add((reason, isSilent));
    }
}

using Freshet.Core.Dht;
using Freshet.Core.Dht.Krpc;

namespace Freshet.Core.Tests.Dht;

/// <summary>What is left out of an answer that would be too long.</summary>
public class DhtAnswerTests
{
    private const int LengthOfV4Value = NodeAddress.V4Length + 2;
    private const int LengthOfV6Value = NodeAddress.V6Length + 3;
    private static readonly NodeId Hash = DhtRig.IdOf(5_000);

    private readonly DhtRig _rig = new(new DhtMachineOptions { HasV6 = true });

    [Fact]
    public void Over_IPv6_peers_leave_room_for_nodes()
    {
        for (int i = 0; i < 60; i++)
            Announce(V6Node(100 + i));
        _rig.Meet(Enumerable.Range(0, 8).Select(V6Node));
        byte[] datagram = Ask(V6Node(1_000));
        KrpcMessage answer = DhtRig.Read(datagram);
        Assert.Equal(8 * NodeInfo.V6Length, answer.Nodes6.Length);
        Assert.InRange(answer.Values.Length, 20 * LengthOfV6Value, DhtLimits.MaxDhtValuesV6 * LengthOfV6Value + 2);
        Assert.InRange(datagram.Length, 1, DhtLimits.MaxDhtAnswerLength);
    }

    [Fact]
    public void An_asker_that_wants_nodes_of_both_families_gets_them_with_fewer_peers()
    {
        for (int i = 0; i < DhtLimits.MaxDhtValues; i++)
            Announce(DhtRig.Node(100 + i));
        _rig.Meet(Enumerable.Range(0, 8).SelectMany(i => new[] { DhtRig.Node(i), V6Node(i) }));
        byte[] datagram = Ask(DhtRig.Node(1_000));
        KrpcMessage answer = DhtRig.Read(datagram);
        Assert.Equal((8 * NodeInfo.V4Length, 8 * NodeInfo.V6Length), (answer.Nodes.Length, answer.Nodes6.Length));
        Assert.InRange(answer.Values.Length, 60 * LengthOfV4Value, DhtLimits.MaxDhtValues * LengthOfV4Value);
        Assert.InRange(datagram.Length, 1, DhtLimits.MaxDhtAnswerLength);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_step_shortens_by_any_length(bool isV6)
    {
        NodeInfo[] nodes = [.. Enumerable.Range(0, 8).Select(DhtRig.Node)];
        NodeInfo[] nodes6 = [.. Enumerable.Range(0, 8).Select(V6Node)];
        NodeAddress[] values = [.. Enumerable.Range(100, 40).Select(i => (isV6 ? V6Node(i) : DhtRig.Node(i)).Address)];
        KrpcAnswer whole = new() { Nodes = nodes, Nodes6 = nodes6, Values = values, Token = "token"u8 };
        int length = LengthOf(whole);
        int least = LengthOf(new KrpcAnswer { Token = "token"u8 });
        for (int excess = 1; excess <= length - least; excess++)
        {
            KrpcAnswer shorter = whole.Shorten(excess);

            // The keys of empty lists go with them.
            Assert.InRange(LengthOf(shorter), least, Math.Max(length - excess, least));
            Assert.True(shorter.Values.Length >= 8 || shorter.Nodes.Length <= 4, "nodes must stay at the cost of the last peers");
        }
    }

    private static NodeInfo V6Node(int number) => new(DhtRig.IdOf(number), DhtRig.Address($"[2600:{number:x}::1]:6881"));

    private static int LengthOf(KrpcAnswer answer) => new KrpcWriter().WriteAnswer("aaaa"u8, Hash, answer).Length;

    private byte[] Ask(NodeInfo asker) => _rig.Ask(
        asker, new KrpcQuery { Method = DhtMethod.GetPeers, Target = Hash, Want = AddressFamilies.V4 | AddressFamilies.V6 })!;

    private void Announce(NodeInfo peer)
    {
        byte[] token = DhtRig.Read(Ask(peer)).Token.ToArray();
        Assert.NotNull(_rig.Ask(peer, new KrpcQuery { Method = DhtMethod.AnnouncePeer, Target = Hash, Port = 777, Token = token }));
        _rig.Pass(TimeSpan.FromSeconds(1));
    }
}

using System.Net;
using Freshet.Core.Dht;
using Freshet.Core.Dht.Krpc;

namespace Freshet.Core.Tests.Dht;

/// <summary>Addresses that no node of the internet has, whoever names them.</summary>
public class DhtMartianTests
{
    private readonly DhtRig _rig = new();

    [Theory]
    [InlineData("127.0.0.1:6881")]
    [InlineData("10.1.2.3:6881")]
    [InlineData("192.168.1.1:6881")]
    [InlineData("172.16.0.1:6881")]
    [InlineData("172.31.255.255:6881")]
    [InlineData("100.64.0.1:6881")]
    [InlineData("198.18.0.1:6881")]
    [InlineData("192.0.2.1:6881")]
    [InlineData("198.51.100.1:6881")]
    [InlineData("203.0.113.1:6881")]
    [InlineData("192.88.99.1:6881")]
    [InlineData("[::1]:6881")]
    [InlineData("[fe80::1]:6881")]
    [InlineData("[fd00::1]:6881")]
    [InlineData("[ff02::1]:6881")]
    [InlineData("[2001:db8::1]:6881")]
    [InlineData("[2001:0:808:808::1]:6881")]
    [InlineData("[2002:a00:1::1]:6881")]
    [InlineData("[100::1]:6881")]
    [InlineData("[3fff::1]:6881")]
    [InlineData("[4000::1]:6881")]
    [InlineData("[8000::1]:6881")]
    [InlineData("[64:ff9b::10.0.0.1]:6881")]
    [InlineData("169.254.1.1:6881")]
    [InlineData("224.0.0.1:6881")]
    [InlineData("0.0.0.0:6881")]
    [InlineData("0.0.0.5:6881")]
    [InlineData("255.255.255.255:6881")]
    [InlineData("8.8.8.8:0")]
    public void Where_nobody_can_be_is_neither_answered_nor_asked(string address)
    {
        NodeInfo martian = new(DhtRig.IdOf(1), DhtRig.Address(address));
        Assert.Null(_rig.Ask(martian, new KrpcQuery { Method = DhtMethod.Ping }, isReadOnly: false));
        _rig.Machine.OnHint(martian.Address, _rig.Now);
        _rig.Machine.AddBeginnings([martian.Address], BeginningKind.Named, _rig.Now);
        _rig.Machine.AddBeginnings([DhtRig.Node(1).Address], BeginningKind.Named, _rig.Now);
        _rig.Answer((query, _) => _rig.AnswerTo(query, DhtRig.Node(1).Id, new KrpcAnswer { Nodes = [martian], Nodes6 = [martian] }));
        _rig.Pass(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain(_rig.Sent, sent => sent.Target == martian.Address);
    }

    /// <summary>Who names one node on its network does not want those on all others.</summary>
    [Fact]
    public void Only_nodes_of_the_local_network_that_was_named_are_asked()
    {
        DhtRig rig = new(new DhtMachineOptions { LocalNetworks = [IPNetwork.Parse("10.0.0.0/8")] });
        NodeInfo near = new(DhtRig.IdOf(1), DhtRig.Address("10.1.2.3:6881"));
        NodeInfo[] others = [.. new[] { "127.0.0.1:6881", "192.168.1.1:6881", "172.16.0.1:6881" }.Select((address, i) =>
            new NodeInfo(DhtRig.IdOf(2 + i), DhtRig.Address(address)))];
        rig.Machine.AddBeginnings([near.Address], BeginningKind.Named, rig.Now);
        HashSet<NodeAddress> asked = [];
        for (int second = 0; second < 60; second++)
        {
            rig.Answer((query, target) =>
            {
                asked.Add(target);
                return rig.AnswerTo(query, near.Id, new KrpcAnswer { Nodes = others });
            });
            rig.Pass(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([near.Address], asked);
        Assert.NotNull(rig.Ask(near, new KrpcQuery { Method = DhtMethod.Ping }));
        Assert.All(others, other => Assert.Null(rig.Ask(other, new KrpcQuery { Method = DhtMethod.Ping })));
    }
}

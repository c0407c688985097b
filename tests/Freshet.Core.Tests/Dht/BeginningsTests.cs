using Freshet.Core.Dht;

namespace Freshet.Core.Tests.Dht;

/// <summary>Where a node starts, and what it keeps for that.</summary>
public class BeginningsTests
{
    private static readonly NodeInfo Special = DhtRig.Node(1_000);

    [Fact]
    public void Old_nodes_do_not_hide_the_routers()
    {
        DhtRig rig = new(new DhtMachineOptions { Memory = MemoryOf(Enumerable.Range(0, DhtLimits.MaxDhtSavedNodes)) });
        rig.Pass(TimeSpan.FromMilliseconds(1));
        Assert.NotEmpty(rig.Sent);
        rig.Machine.AddBeginnings([Special.Address], BeginningKind.Router, rig.Now);
        rig.Pass(TimeSpan.FromSeconds(1));
        Assert.Contains(rig.Sent, sent => sent.Target == Special.Address);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nodes_named_by_torrents_hide_neither_those_named_by_the_user_nor_the_routers(bool isRouter)
    {
        DhtRig rig = new();
        NodeAddress[] dead = [.. Enumerable.Range(0, 400).Select(i => DhtRig.Node(i).Address)];
        rig.Machine.AddBeginnings(dead, BeginningKind.Reported, rig.Now);
        rig.Machine.AddBeginnings([Special.Address], isRouter ? BeginningKind.Router : BeginningKind.Named, rig.Now);
        rig.Machine.AddBeginnings([.. dead.Reverse()], BeginningKind.Reported, rig.Now);
        rig.Pass(TimeSpan.FromSeconds(1));
        Assert.Contains(rig.Sent, sent => sent.Target == Special.Address);
    }

    [Fact]
    public void Old_nodes_are_tried_in_turn_until_one_answers()
    {
        DhtRig rig = new(new DhtMachineOptions { Memory = MemoryOf(Enumerable.Range(0, DhtLimits.MaxDhtSavedNodes)) });
        rig.Pass(TimeSpan.FromMinutes(20));
        Assert.InRange(rig.Sent.Select(sent => sent.Target).Distinct().Count(), DhtLimits.MaxDhtSavedNodes / 2, DhtLimits.MaxDhtSavedNodes);
    }

    [Fact]
    public void Known_nodes_are_kept_while_nobody_answers()
    {
        DhtRig rig = new(new DhtMachineOptions { Memory = MemoryOf(Enumerable.Range(0, 20)) });
        rig.Pass(TimeSpan.FromMinutes(40));
        Assert.Equal(20, rig.Machine.Remember().Nodes.Length);
        NodeInfo[] living = [.. Enumerable.Range(100, 7).Select(DhtRig.Node)];
        rig.Meet(living);
        Assert.Equal(27, rig.Machine.Remember().Nodes.Length);
        rig.Meet([DhtRig.Node(107)]);
        Assert.Equal([.. living, DhtRig.Node(107)], rig.Machine.Remember().Nodes.ToHashSet());
    }

    [Fact]
    public void A_name_that_only_a_proxy_resolves_is_asked_if_there_is_one()
    {
        DhtRig rig = new(new DhtMachineOptions { HasStandIns = true });
        NodeAddress standIn = DhtRig.Address("0.0.0.5:6881");
        rig.Machine.AddBeginnings([standIn], BeginningKind.Named, rig.Now);
        Assert.Equal(standIn, Assert.Single(rig.Sent).Target);
    }

    private static DhtMemory MemoryOf(IEnumerable<int> numbers) =>
        DhtMemory.Empty with { Nodes = [.. numbers.Select(DhtRig.Node)] };
}

using System.Net;
using Freshet.Core.Dht;
using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Dht;

/// <summary>The id that follows our address (BEP 42).</summary>
public class DhtOwnIdTests
{
    /// <summary>As behind a router with two addresses. Each change costs our place in the tables of others.</summary>
    [Fact]
    public void Addresses_that_come_and_go_change_our_id_at_once_and_then_at_most_every_ten_minutes()
    {
        TwoAddresses addresses = new();
        DhtRig rig = new(new DhtMachineOptions { Addresses = addresses });
        Timestamp began = rig.Now;
        string? id = rig.Machine.Status().Id;
        List<Timestamp> changes = [began - DhtLimits.DhtIdLifetime];
        for (int second = 0; second < 3_600; second++)
        {
            addresses.IsSecond = second % 20 >= 10;
            rig.Pass(TimeSpan.FromSeconds(1));
            if (rig.Machine.Status().Id != id)
                changes.Add(rig.Now);
            id = rig.Machine.Status().Id;
        }

        Assert.InRange(changes[1] - began, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.InRange(changes.Count - 1, 4, 7);
        Assert.All(
            changes.Zip(changes.Skip(1)),
            pair => Assert.True(pair.Second - pair.First >= DhtLimits.DhtIdLifetime - TimeSpan.FromSeconds(1)));
    }

    private sealed class TwoAddresses : IExternalAddresses
    {
        private static readonly IPAddress First = IPAddress.Parse("203.0.112.9");
        private static readonly IPAddress Second = IPAddress.Parse("81.2.3.4");

        public bool IsSecond { get; set; }

        public void Hear(IPAddress address, ExternalAddressSources source, Origin voter)
        {
        }

        public ExternalAddressStatus? Find(bool isV6) => new()
        {
            Address = IsSecond ? Second : First,
            Votes = 4,
            Voters = 7,
            Sources = ExternalAddressSources.Dht,
        };
    }
}

using Freshet.Core.Peers;
using Freshet.Core.Trackers;

namespace Freshet.Core.Tests.Trackers;

public class AddressReachTests
{
    [Fact]
    public void Each_scope_needs_its_own_part_of_a_reach()
    {
        (AddressScope Scope, AddressReach Needs)[] rules =
        [
            (AddressScope.Private, AddressReach.Private),
            (AddressScope.LinkLocal, AddressReach.LinkLocal),
            (AddressScope.Loopback, AddressReach.Loopback),
        ];
        foreach ((AddressScope scope, AddressReach needs) in rules)
        {
            Assert.True(needs.Includes(scope));
            Assert.True(AddressReach.Everywhere.Includes(scope));
            Assert.False((AddressReach.Everywhere & ~needs).Includes(scope));
        }
    }

    [Fact]
    public void The_internet_is_always_within_reach() => Assert.True(AddressReach.Public.Includes(AddressScope.Public));
}

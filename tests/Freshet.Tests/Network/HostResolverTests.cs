using System.Net;
using System.Net.Sockets;
using Freshet.Network;

namespace Freshet.Tests.Network;

public class HostResolverTests
{
    private static readonly NameResolver Names = new(host => host switch
    {
        "both.test" => [IPAddress.IPv6Loopback, IPAddress.Loopback],
        "six.test" => [IPAddress.IPv6Loopback],
        "pool.test" when Thread.CurrentThread.IsThreadPoolThread => throw new InvalidOperationException("this would block the thread pool"),
        "pool.test" => [IPAddress.Loopback],
        _ => throw new SocketException((int)SocketError.HostNotFound),
    });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_addresses_are_returned_in_order() =>
        Assert.Equal([IPAddress.IPv6Loopback, IPAddress.Loopback], await HostResolver.ResolveAsync("both.test", Binding(null), Token));

    [Fact]
    public async Task An_address_stands_for_itself() =>
        Assert.Equal([IPAddress.Parse("192.0.2.7")], await HostResolver.ResolveAsync("192.0.2.7", bind: null, Token));

    [Fact]
    public async Task From_a_bind_address_only_its_family_is_returned()
    {
        NetworkBinding binding = Binding(IPAddress.Loopback);
        Assert.Equal([IPAddress.Loopback], await HostResolver.ResolveAsync("both.test", binding, Token));
        FreshetException none = await Assert.ThrowsAsync<FreshetException>(() => HostResolver.ResolveAsync("six.test", binding, Token));
        Assert.Equal("The host six.test has no address that can be reached from 127.0.0.1.", none.Message);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_named()
    {
        FreshetException e = await Assert.ThrowsAsync<FreshetException>(() => HostResolver.ResolveAsync("no.test", Binding(null), Token));
        Assert.StartsWith("The host no.test was not found: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_thread_pool_is_not_blocked() =>
        Assert.Equal([IPAddress.Loopback], await HostResolver.ResolveAsync("pool.test", Binding(null), Token));

    private static NetworkBinding Binding(IPAddress? address) => new(address) { Names = Names };
}

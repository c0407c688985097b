using System.Collections.Concurrent;
using System.Net;
using Freshet.Core.PortMapping;
using Freshet.Discovery.PortMapping;
using Freshet.Network;
using Freshet.Tests.Connections;

namespace Freshet.Tests.Discovery.PortMapping;

public class UpnpMapperTests
{
    private static readonly (string, string) Refusal =
        ("500 Internal Server Error", "<e><detail><UPnPError><errorCode>606</errorCode></UPnPError></detail></e>");

    [Theory]
    [InlineData("127.0.0.61", "500 Internal Server Error", "<html><body>busy</body></html>")]
    [InlineData("127.0.0.62", "500 Internal Server Error", "")]
    [InlineData("127.0.0.63", "200 OK", "<html><body>Please log in.</body></html>")]
    [InlineData("127.0.0.64", "200 OK", "<e><GetExternalIPAddressResponse/></e>")]
    public async Task Only_the_response_to_the_action_confirms_that_a_port_is_mapped(string address, string status, string body)
    {
        await using FakeRouter router = new(address) { Reply = (action, _) => action == "AddPortMapping" ? (status, body) : null };
        router.SpeakUpnp();
        Owner owner = new();
        await using UpnpMapper mapper = Start(router, owner, TimeProvider.System);
        await Patience.Until(() => !owner.Troubles.IsEmpty);
        Assert.Equal(["it does not say that the port is mapped"], owner.Troubles);
        Assert.Empty(owner.Mapped);
    }

    [Fact]
    public async Task A_mapped_port_is_removed_at_the_end_even_if_another_was_refused()
    {
        await using FakeRouter router = new("127.0.0.65")
        {
            Reply = static (action, protocol) => (action, protocol) == ("AddPortMapping", 17) ? Refusal : null,
        };
        router.SpeakUpnp();
        Owner owner = new();
        await using (UpnpMapper mapper = Start(router, owner, TimeProvider.System))
        {
            await Patience.Until(() => !owner.Troubles.IsEmpty);
            Assert.Equal([(6, 6881)], router.Mappings.Keys);
        }

        Assert.Empty(router.Mappings);
    }

    [Fact]
    public async Task A_port_whose_renewal_was_refused_is_removed_at_the_end_too()
    {
        bool isRefused = false;
        await using FakeRouter router = new("127.0.0.66")
        {
            Reply = (action, _) => action == "AddPortMapping" && Volatile.Read(ref isRefused) ? Refusal : null,
        };
        router.SpeakUpnp();
        Owner owner = new();
        VirtualTime time = new();
        await using (UpnpMapper mapper = Start(router, owner, time))
        {
            await Patience.Until(() => owner.Mapped.Count == 2);
            Volatile.Write(ref isRefused, true);
            await time.PassUntil(() => !owner.Troubles.IsEmpty, TimeSpan.FromMinutes(1));
            Assert.Equal((MappedProtocol.Tcp, 0), owner.Mapped.Last());
        }

        Assert.Empty(router.Mappings);
    }

    [Fact]
    public async Task Mappings_are_renewed_long_before_they_end()
    {
        await using FakeRouter router = new("127.0.0.67");
        router.SpeakUpnp();
        Owner owner = new();
        VirtualTime time = new();
        await using UpnpMapper mapper = Start(router, owner, time);
        await Patience.Until(() => owner.Mapped.Count == 2);
        await time.PassUntil(() => owner.Mapped.Count >= 4, TimeSpan.FromSeconds(10));
        TimeSpan renewal = TimeSpan.FromSeconds(PortMappingLimits.UpnpRenewalSeconds);
        Assert.InRange(time.Elapsed, renewal, 2 * renewal);
        Assert.True(router.Actions.Count(static action => action == "AddPortMapping") >= 4);
        Assert.Empty(owner.Troubles);
    }

    [Fact]
    public async Task A_stranger_that_answers_the_search_first_is_not_asked()
    {
        await using FakeRouter stranger = new("127.0.0.69");
        stranger.SpeakUpnp();
        await using FakeRouter router = new("127.0.0.68") { Stranger = stranger };
        router.SpeakUpnp();
        Owner owner = new();
        await using UpnpMapper mapper = Start(router, owner, TimeProvider.System);
        await Patience.Until(() => owner.Mapped.Count == 2);
        Assert.Equal(2, router.Mappings.Count);
        Assert.Empty(stranger.Actions);
    }

    [Fact]
    public async Task After_an_unexpected_error_the_router_is_asked_again_and_mappings_are_removed_at_the_end()
    {
        await using FakeRouter router = new("127.0.0.78");
        router.SpeakUpnp();
        Owner owner = new() { Throws = true };
        VirtualTime time = new();
        await using (UpnpMapper mapper = Start(router, owner, time))
        {
            await Patience.Until(() => !owner.Troubles.IsEmpty);
            Assert.Equal("its answer led to an error", owner.Troubles.Last());
            Assert.IsType<InvalidOperationException>(Assert.Single(owner.Faults));
            owner.Throws = false;

            // The time stands still while the router is searched for, which must not take long.
            await Patience.Until(() => time.SetTimers > 0);
            time.Advance(TimeSpan.FromSeconds(PortMappingLimits.RetrySeconds));
            await Patience.Until(() => owner.Mapped.Count == 2);
            Assert.Equal(2, router.Mappings.Count);
        }

        Assert.Empty(router.Mappings);
    }

    private static UpnpMapper Start(FakeRouter router, IMappingOwner owner, TimeProvider time)
    {
        UpnpMapper mapper = new(new NetworkBinding(), new Gateway(router.Address, IPAddress.Loopback), owner, time);
        mapper.Start([(MappedProtocol.Tcp, 6881), (MappedProtocol.Udp, 6881)]);
        return mapper;
    }

    private sealed class Owner : IMappingOwner
    {
        public ConcurrentQueue<(MappedProtocol Protocol, int External)> Mapped { get; } = new();

        public ConcurrentQueue<string> Troubles { get; } = new();

        public ConcurrentQueue<Exception> Faults { get; } = new();

        public volatile bool Throws;

        public void OnMapped(MappingSource source, MappedProtocol protocol, int externalPort, IPAddress? externalAddress)
        {
            if (Throws)
                throw new InvalidOperationException("a bug");
            Mapped.Enqueue((protocol, externalPort));
        }

        public void OnFault(Exception fault) => Faults.Enqueue(fault);

        public void OnFailed(MappingSource source, string reason) => Troubles.Enqueue(reason);
    }
}

using Freshet.Core.Dht;
using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Dht;

public class TokenJarTests
{
    private static readonly NodeAddress Host = DhtRig.Address("8.8.8.8:1000");
    private readonly TokenJar _jar = new(new Random(1), default);
    private readonly byte[] _token = new byte[TokenJar.Length];

    public TokenJarTests() => _jar.Write(Host, DhtRig.IdOf(1), At(1), _token);

    [Fact]
    public void It_is_valid_for_its_host_at_any_port() => Assert.True(_jar.IsValid(_token, Host.At(4), DhtRig.IdOf(1), At(2)));

    [Fact]
    public void It_is_invalid_from_another_host() =>
        Assert.False(_jar.IsValid(_token, DhtRig.Address("8.8.8.9:1000"), DhtRig.IdOf(1), At(2)));

    [Fact]
    public void It_is_invalid_for_another_target() => Assert.False(_jar.IsValid(_token, Host, DhtRig.IdOf(2), At(2)));

    [Fact]
    public void It_is_invalid_if_it_is_cut_or_longer()
    {
        Assert.False(_jar.IsValid(_token.AsSpan(1), Host, DhtRig.IdOf(1), At(2)));
        Assert.False(_jar.IsValid([.. _token, 0], Host, DhtRig.IdOf(1), At(2)));
        Assert.False(_jar.IsValid([], Host, DhtRig.IdOf(1), At(2)));
    }

    [Fact]
    public void It_is_valid_for_five_to_ten_minutes()
    {
        Assert.True(_jar.IsValid(_token, Host, DhtRig.IdOf(1), At(5.5)));
        Assert.True(_jar.IsValid(_token, Host, DhtRig.IdOf(1), At(9)));
        Assert.False(_jar.IsValid(_token, Host, DhtRig.IdOf(1), At(11)));
    }

    [Fact]
    public void After_a_long_silence_it_is_invalid() => Assert.False(_jar.IsValid(_token, Host, DhtRig.IdOf(1), At(60)));

    private static Timestamp At(double minutes) => new(TimeSpan.FromMinutes(minutes).Ticks);
}

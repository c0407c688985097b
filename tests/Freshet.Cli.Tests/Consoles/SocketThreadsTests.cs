using Freshet.Cli.Consoles;

namespace Freshet.Cli.Tests.Consoles;

public class SocketThreadsTests
{
    private const string Inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string Count = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    private readonly Dictionary<string, string?> _environment = [];

    [Theory]
    [InlineData(8, null)]
    [InlineData(9, "8")]
    public void Few_threads_serve_all_sockets(int processors, string? count)
    {
        Choose(processors);
        Assert.Equal("1", _environment[Inline]);
        Assert.Equal(count, _environment.GetValueOrDefault(Count));
    }

    [Theory]
    [InlineData(Inline, "0")]
    [InlineData(Inline, "1")]
    [InlineData(Count, "3")]
    public void What_the_user_has_chosen_stays(string name, string value)
    {
        _environment[name] = value;
        Choose(64);
        Assert.Equal(value, _environment[name]);
    }

    [Fact]
    public void A_program_that_is_run_does_not_see_the_choice()
    {
        _environment["PATH"] = "/bin";
        Choose(64);
        SocketThreads.HideFrom(_environment);
        Assert.Equal("PATH", Assert.Single(_environment).Key);
    }

    private void Choose(int processors) =>
        SocketThreads.Choose(_environment.GetValueOrDefault, (name, value) => _environment[name] = value, processors);
}

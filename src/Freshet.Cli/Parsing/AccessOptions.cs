using System.CommandLine;

namespace Freshet.Cli.Parsing;

/// <summary>The network options of a command without a session: <c>--bind</c> and <c>--proxy</c>.</summary>
internal sealed class AccessOptions
{
    private readonly Option<Core.Peers.BindTarget?> _bind = CommonOptions.Bind();
    private readonly ProxyOption _proxy = new();

    public void AddTo(Command command)
    {
        command.Add(_bind);
        _proxy.AddTo(command, hasKinds: false);
    }

    /// <summary>Whether the user has given any of them.</summary>
    public bool IsGiven(ParseResult parsed) => Of(parsed) is not { Bind: null, Proxy: null };

    public NetworkAccess Of(ParseResult parsed) => new() { Bind = parsed.GetValue(_bind), Proxy = _proxy.Of(parsed) };
}

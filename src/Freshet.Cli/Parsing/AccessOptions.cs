using System.CommandLine;
using System.Net;

namespace Freshet.Cli.Parsing;

/// <summary>The network options of a command without a session: <c>--bind</c>, <c>--name-server</c> and <c>--proxy</c>.</summary>
internal sealed class AccessOptions
{
    private readonly Option<Core.Peers.BindTarget?> _bind = CommonOptions.Bind();
    private readonly Option<IPEndPoint[]> _nameServers = CommonOptions.NameServers();
    private readonly ProxyOption _proxy = new();

    public void AddTo(Command command)
    {
        command.Add(_bind);
        command.Add(_nameServers);
        _proxy.AddTo(command, hasKinds: false);
    }

    /// <summary>Whether the user has given any of them.</summary>
    public bool IsGiven(ParseResult parsed) => Of(parsed) is not { Bind: null, NameServers.IsEmpty: true, Proxy: null };

    public NetworkAccess Of(ParseResult parsed) => new()
    {
        Bind = parsed.GetValue(_bind),
        NameServers = [.. parsed.GetValue(_nameServers) ?? []],
        Proxy = _proxy.Of(parsed),
    };
}

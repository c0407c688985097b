namespace Freshet.Cli.Consoles;

/// <summary>Nobody reads the output any more, as when it is piped into <c>head</c>: no failure, the command just stops.</summary>
internal sealed class OutputClosedException(Exception cause) : Exception("The output was closed.", cause);

namespace Freshet.Cli.Consoles;

/// <summary>The reader of the output has gone, as when it is piped into <c>head</c>: not a failure, the command just stops.</summary>
internal sealed class OutputClosedException(Exception cause) : Exception("The output was closed.", cause);

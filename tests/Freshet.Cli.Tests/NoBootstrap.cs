using System.Runtime.CompilerServices;
using Freshet.Cli.Parsing;

namespace Freshet.Cli.Tests;

/// <summary>No command that a test runs begins from DHT nodes of the internet.</summary>
internal static class NoBootstrap
{
#pragma warning disable CA2255 // It is to hold for every test of this assembly, whichever runs first.
    [ModuleInitializer]
    public static void Set() => Environment.SetEnvironmentVariable(DhtBootstrap.Variable, "");
#pragma warning restore CA2255
}

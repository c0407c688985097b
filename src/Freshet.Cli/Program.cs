using System.CommandLine;

RootCommand root = new("Freshet, a BitTorrent client.");
return await root.Parse(args).InvokeAsync().ConfigureAwait(false);

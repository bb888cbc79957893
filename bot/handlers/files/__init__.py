"""Photos, documents and certificates: laid where they belong, named, refused, shown, handed out."""

"""State classifiers with validity dates: regions, industries, occupations."""
